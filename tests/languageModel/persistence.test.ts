import { LanguageModel, loadModelFile, saveModelFile, trainBpe } from 'ostinato';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../ts/src/spec/spec.js';
import { bits, engineForFile, sentences, small, text, trainSmall, unseen } from './sample.js';

const engine = await engineForFile();
const quick = { ...small, engine, epochs: 2 };

describe('a language model that was saved', () => {
  test.each<[string, () => Promise<LanguageModel>]>([
    ['of characters', () => trainSmall(engine, { epochs: 2 })],
    ['of words', () => trainSmall(engine, { epochs: 2, level: 'word', architecture: 'gru', tieWeights: true })],
    ['regularised', () => trainSmall(engine, { epochs: 3, weightDrop: 0.2, embeddingDropout: 0.1, cutoffs: [5, 10], averageAfter: 0, activationRegularization: 1 })],
    ['of a QRNN', () => trainSmall(engine, { epochs: 2, architecture: 'qrnn', layers: 2 })],
    ['of texts with ends', () => LanguageModel.train(sentences(50, 1), { ...quick, architecture: 'feedForward', direct: true })],
    ['of pieces', async () => {
      const { config } = await trainBpe([text], { vocabSize: 300 });
      return LanguageModel.train(text, { ...quick, tokenizer: config });
    }],
  ])('is the same when it is read: %s', async (_, make) => {
    const model = await make();
    const bytes = await model.save();
    const read = await LanguageModel.load(bytes, { engine });
    expect(read.settings).toEqual(model.settings);
    expect(read.report).toEqual(model.report);
    expect(bits(read)).toEqual(bits(model));
    expect(await read.score(unseen)).toEqual(await model.score(unseen));
    expect(await read.generate('the cat', { seed: 2 })).toEqual(await model.generate('the cat', { seed: 2 }));
    expect(await read.toBytes()).toEqual(bytes);
  });

  test('goes on training', async () => {
    const model = await LanguageModel.load(await (await trainSmall(engine, { epochs: 1 })).save(), { engine });
    const before = await model.perplexity(unseen);
    await model.update(text, { learningRate: 0.02, batchSize: 8, sequenceLength: 30 });
    expect(await model.perplexity(unseen)).toBeLessThan(before);
  });
});

describe('a file', async () => {
  type Metadata = { [name: string]: Json };
  const bytes = await (await trainSmall(engine, { epochs: 1 })).toBytes();
  const edited = async (edit: (metadata: Metadata) => void): Promise<Uint8Array> => {
    const { model, metadata } = await loadModelFile(bytes, { engine });
    const copy = structuredClone(metadata) as Metadata;
    edit(copy);
    return saveModelFile(model, copy);
  };

  test.each<[string, (metadata: Metadata) => void, string, RegExp]>([
    ['of another kind', (metadata) => (metadata['kind'] = 'tagger'), 'wrong_kind', /^kind: expected an? lm, given "tagger"$/],
    ['of another version', (metadata) => (metadata['lm_version'] = 2), 'wrong_version', /^lm_version: expected 1, given 2$/],
    ['with a wrong setting', (metadata) => (metadata['settings'] = { ...(metadata['settings'] as object), context: 0 }), 'bad_metadata', /^settings\.context: /],
    ['without knowing whether texts end', (metadata) => delete metadata['documents'], 'bad_metadata', /^documents: /],
    ['with another vocabulary', (metadata) => (metadata['words'] as { tokens: string[] }).tokens.push('Ω'), 'bad_metadata', /^spec\.inputs\.tokens: expected \d+ ids, given \d+$/],
    ['without a vocabulary', (metadata) => delete metadata['words'], 'bad_metadata', /^words: vocabulary\.tokens/],
  ])('%s is refused', async (_, edit, code, message) => {
    await expect(LanguageModel.load(await edited(edit), { engine })).rejects.toMatchObject({
      name: 'ModelFileError', code, message: expect.stringMatching(message),
    });
  });
});

test('a model that was disposed of says so', async () => {
  const model = await trainSmall(engine, { epochs: 1 });
  await model.adapt('the cat');
  model.dispose();
  model.dispose();
  await expect(model.score('a')).rejects.toMatchObject({ code: 'disposed', message: expect.stringMatching(/^this LanguageModel/) });
  await expect(model.generate('a')).rejects.toMatchObject({ code: 'disposed' });
  await expect(model.forget()).rejects.toMatchObject({ code: 'disposed' });
});
