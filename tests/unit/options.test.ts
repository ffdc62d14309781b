import { describe, expect, it } from 'vitest';
import * as ostinato from '../../ts/src/index.js';
import { collect } from './data/collect.js';

/** An option that no function has, past the compiler. */
const foreign = { nonsuch: 1 } as object;
const refused = expect.objectContaining({
  name: 'UsageError',
  code: 'bad_option',
  message: expect.stringMatching(/^option nonsuch: there is no such option; there are \w/) as string,
}) as object;

describe('a reader refuses an option that it does not have', () => {
  const { readClassified, readClassifiedFolder, readConll, readExamples, readInline, readJsonl, readRequests, readText, readVectors } = ostinato;
  it.each<[string, () => Promise<unknown>]>([
    ['readClassified', () => collect(readClassified('a,b\n', foreign))],
    ['readClassifiedFolder', () => collect(readClassifiedFolder('folder', foreign))],
    ['readConll', () => collect(readConll('Ana B-PER\n', foreign))],
    ['readExamples', () => collect(readExamples('Ana B-PER\n', foreign))],
    ['readInline', () => collect(readInline('[Ana](PERSON)', foreign))],
    ['readJsonl', () => collect(readJsonl('{"text":"a","entities":[]}', foreign))],
    ['readRequests', () => collect(readRequests('{"text":"a","intent":"b"}', foreign))],
    ['readText', () => readText('a', foreign)],
    ['readVectors', () => readVectors('a 1\n', foreign)],
  ])('%s', async (_, read) => {
    await expect(read()).rejects.toEqual(refused);
  });
});

describe('a function refuses an option that it does not have', () => {
  it.each<[string, () => unknown]>([
    ['parseInline', () => ostinato.parseInline('a', foreign)],
    ['holdOut', () => ostinato.holdOut([1, 2], foreign)],
    ['stratifiedFolds', () => ostinato.stratifiedFolds([1, 2], { folds: 2, classOf: String, ...foreign })],
    ['segmentTokens', () => ostinato.segmentTokens('', [], foreign)],
    ['VocabularyBuilder', () => new ostinato.VocabularyBuilder(foreign)],
    ['VocabularyBuilder.build', () => new ostinato.VocabularyBuilder().build(foreign)],
    ['EntityScorer', () => new ostinato.EntityScorer(foreign)],
    ['scoreEntities', () => ostinato.scoreEntities([], [], foreign)],
  ])('%s', (_, call) => {
    expect(call).toThrow(refused);
  });
});

describe('a value that is none of an option is refused, rather than taken for another', () => {
  const { readConll, readExamples, readJsonl, readRequests, scoreEntities, stratifiedFolds } = ostinato;
  const line = '{"text":"🍜 Ana","intent":"eat","entities":[{"start":2,"end":5,"type":"PERSON"}]}';
  const unit = { offsetUnit: 'codepoint' as 'codePoint' };
  const scheme = 'BIOE' as ostinato.TagScheme;
  it.each<[string, () => unknown]>([
    ['offsetUnit: expected utf16 or codePoint, given "codepoint"', () => collect(readJsonl(line, unit))],
    ['offsetUnit: expected utf16 or codePoint, given "codepoint"', () => collect(readRequests(line, unit))],
    ['offsetUnit: expected utf16 or codePoint, given "codepoint"', () => collect(readExamples(line, unit))],
    ['tokenColumn: expected a whole number, given "word"', () => collect(readConll('a O', { tokenColumn: 'word' as unknown as number }))],
    ['tagColumn: expected a whole number, given 0.5', () => collect(readConll('a O', { tagColumn: 0.5 }))],
    ['mode: expected conlleval or strict, given "strikt"', () => scoreEntities([], [], { mode: 'strikt' as 'conlleval' })],
    ['scheme: expected BIO, IOB1, BIOES, BMES or BILOU, given "BIOE"', () => scoreEntities([['B-A']], [['O']], { mode: 'strict', scheme })],
    ['scheme: expected BIO, IOB1, BIOES, BMES or BILOU, given "BIOE"', () => ostinato.tagsOf(['A'], scheme)],
    ['scheme: expected BIO, IOB1, BIOES, BMES or BILOU, given "BIOE"', () => ostinato.convertTags([], scheme)],
    ['seed: expected an integer, given "x"', () => stratifiedFolds([1, 2], { folds: 2, classOf: String, seed: 'x' as unknown as number })],
    ['classOf: expected a function, given undefined', () => stratifiedFolds([1, 2], { folds: 2 } as never)],
  ])('%s', async (message, call) => {
    await expect((async () => call())()).rejects.toMatchObject({ name: 'UsageError', code: 'bad_option', message: `option ${message}` });
  });
});

describe('SpecBuilder refuses an option that is not there, before there is a model', () => {
  const s = new ostinato.SpecBuilder();
  const x = s.matrix('x', { axis: s.axis('steps'), width: 4 });
  const cell = { hiddenSize: 4, ...foreign };
  const same = (_: unknown, { x }: { x: ostinato.MatrixValue }) => ({ outputs: { x }, next: { h: x } });
  it.each<[string, () => unknown]>([
    ['axis', () => s.axis('more', foreign)],
    ['state', () => s.state('h', { width: 4, ...foreign })],
    ['entry', () => s.entry('predict', { x }, foreign)],
    ['entryOf', () => ostinato.entryOf({ x }, foreign)],
    ['scan', () => s.scan({ steps: { x }, states: { h: { width: 4 } }, ...foreign }, same)],
    ['a state of scan', () => s.scan({ steps: { x }, states: { h: { width: 4, ...foreign } } }, same)],
    ['linearScan', () => s.linearScan({ a: x, b: x }, cell)],
    ['layerNormLstm', () => s.layerNormLstm(x, cell)],
    ['peepholeLstm', () => s.peepholeLstm(x, cell)],
    ['mogrifierLstm', () => s.mogrifierLstm(x, { inputSize: 4, ...cell })],
    ['slstm', () => s.slstm(x, cell)],
    ['sru', () => s.sru(x, { inputSize: 4, ...cell })],
    ['qrnn', () => s.qrnn(x, cell)],
    ['minGru', () => s.minGru(x, cell)],
    ['minLstm', () => s.minLstm(x, cell)],
    ['rgLru', () => s.rgLru(x, cell)],
  ])('%s', (_, call) => {
    expect(call).toThrow(refused);
  });
});
