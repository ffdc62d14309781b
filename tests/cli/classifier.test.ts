import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, jsonLines, run, serve, start } from './command.js';
import { csv, quick, test, training } from './mails.js';

const folder = await emptyFolder();
const write = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(folder, name), content);
const model = 'mails.ostinato.safetensors';
const trainLines = (args: readonly string[], input?: string) => run(folder, ['train', 'classifier', '--json', ...quick, ...args], input);

/** The trained model's data event and result. */
async function results(args: readonly string[], input?: string): Promise<[Record<string, unknown>, Record<string, unknown>]> {
  const { code, stdout, stderr } = await trainLines(args, input);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  const lines = jsonLines(stdout);
  return [lines[0] as Record<string, unknown>, lines.at(-1) as Record<string, unknown>];
}

beforeAll(async () => {
  await write('mails.csv', csv(training));
  await write('test.csv', csv(test));
});

describe('ostinato train classifier', () => {
  it('learns from a CSV file, and says what it found', async () => {
    const { code, stdout, stderr } = await run(folder, ['train', 'classifier', 'mails.csv', '--test', 'test.csv', ...quick]);
    expect([code, stderr.split('\n')[0]]).toEqual([0, '540 training examples, a tenth of them held out']);
    const [heldOut, headline, ...rest] = stdout.trimEnd().split('\n');
    expect(heldOut).toMatch(/^held-out accuracy \d+\.\d\d % on 54 examples$/);
    expect(headline).toMatch(/^test accuracy (9[5-9]|100)\.\d\d %, macro F1 \d+\.\d\d %, calibration error \d+\.\d\d % on 90 examples, at [\d,]+ tokens\/s$/);
    expect(rest[0]).toMatch(/^label +precision +recall +F1 +texts$/);
    expect(rest.slice(1, 4).map((line) => line.split(/ +/)[0])).toEqual(['bill', 'ham', 'spam']);
    expect(rest.slice(4, 7)).toEqual(['', 'confusion, a row for each true label, a column for each predicted one', '      bill  ham  spam']);
    expect(stderr).toMatch(/\nepoch 6\/6 {2}loss \d\.\d+ {2}dev accuracy \d+\.\d\d % /);
    expect(stderr).toMatch(/\nThe model is mails\.ostinato\.safetensors\. Now try:\n {2}ostinato classify mails\.ostinato\.safetensors\n$/);
  });

  it('prints JSON Lines, the last of them the result, with the metrics of the test', async () => {
    const [data, result] = await results(['--train', 'mails.csv', '--dev', 'test.csv', '--test', 'test.csv', '--monitor', 'macroF1', '--model', 'json.st']);
    expect(data).toEqual({ event: 'data', train: 540, dev: 90, test: 90 });
    expect(result).toMatchObject({
      event: 'result', task: 'classifier', split: 'test', model: 'json.st', examples: 90, epochs: 6, microF1: result['accuracy'],
      confusion: { labels: ['bill', 'ham', 'spam'] }, calibrationError: expect.any(Number),
      dev: { source: 'given', sentences: 90, accuracy: result['accuracy'], macroF1: result['macroF1'] },
      tokensPerSecond: expect.any(Number), testTokensPerSecond: expect.any(Number), seconds: expect.any(Number),
    });
    expect(result['accuracy']).toBeGreaterThanOrEqual(0.95);
    const { counts } = result['confusion'] as { counts: number[][] };
    expect(counts.flat().reduce((sum, times) => sum + times, 0)).toBe(90);
  });

  it('reads every form of data, and gives the same result', async () => {
    const lines = (form: (mail: { text: string; label: string }) => string): string => training.map((mail) => `${form(mail)}\n`).join('');
    await write('mails.tsv', lines(({ text, label }) => `no\t${label}\t${text}`));
    await write('mails.jsonl.gz', gzipSync(lines(({ text, label }) => JSON.stringify({ body: text, class: label, text: 'no' }))));
    await write('mails.ft', lines(({ text, label }) => `__label__${label} ${text}`));
    await write('mails.label', lines(({ text, label }) => `${label.toUpperCase()}:fine ${text}`));
    await write('tabs.data', `label\ttext\n${lines(({ text, label }) => `${label}\t"${text}"`)}`);
    await write('semi.csv', `what;who\n${lines(({ text, label }) => `${text};${label}`)}`);
    for (const { label } of training) await mkdir(join(folder, 'mails', label), { recursive: true });
    await Promise.all(training.map(({ text, label }, index) => write(`mails/${label}/${String(index).padStart(4, '0')}`, text)));
    const accuracies: unknown[] = [];
    for (const args of [
      ['mails.csv', '--format', 'csv'],
      ['mails.tsv', '--text-column', '-1', '--label-column', '1'],
      ['mails.jsonl.gz', '--text-column', 'body'],
      ['mails.ft'],
      ['mails.label', '--coarse'],
      ['tabs.data', '--delimiter', 'tab'],
      ['semi.csv', '--label-column', 'who'],
      ['semi.csv', '--delimiter', ';', '--header', '--text-column', '0'],
    ]) {
      const [data, result] = await results([...args, '--epochs', '1', '--model', 'form.st']);
      expect([args, data]).toEqual([args, { event: 'data', train: 540, dev: null, test: null }]);
      accuracies.push(result['accuracy']);
    }
    expect(new Set(accuracies).size).toBe(1);
    const [, result] = await results(['mails', '--epochs', '1']);
    expect(result).toMatchObject({ model: model, trainSentences: 486 });
  });

  it('reads stdin and other encodings', async () => {
    const text = csv(training).replaceAll('Porto', 'Évora');
    const latin = Uint8Array.from(text, (character) => character.charCodeAt(0));
    await write('latin.csv', latin);
    const failed = await trainLines(['latin.csv']);
    expect([failed.code, failed.stderr]).toEqual([
      1, expect.stringMatching(/^ostinato: latin\.csv:\d+: expected UTF-8, found bytes that are not; text in another encoding takes the option encoding\n$/),
    ]);
    const [data] = await results(['latin.csv', '--encoding', 'latin1', '--epochs', '1', '--model', 'latin.st']);
    expect(data['train']).toBe(540);
    const [piped] = await results(['-', '--epochs', '1'], csv(training));
    expect(piped['train']).toBe(540);
  });

  it('learns any number of labels a text', async () => {
    const multi = (mails: typeof training): string =>
      mails.map(({ text, label }) => `${JSON.stringify({ text, labels: text.includes('Ana') ? [label, 'ana'] : label === 'ham' ? [] : [label] })}\n`).join('');
    await write('multi.jsonl', multi(training));
    await write('multi.test.jsonl', multi(test));
    const refused = await trainLines(['multi.jsonl', '--kind', 'single']);
    expect([refused.code, refused.stderr]).toEqual([
      1, expect.stringMatching(/^ostinato: multi\.jsonl:\d+: expected one label, found (none|2; any number takes multi, and a classifier of kind multi)\n$/),
    ]);
    const [, result] = await results(['multi.jsonl', '--kind', 'multi', '--test', 'multi.test.jsonl', '--model', 'multi.st', '--epochs', '10']);
    expect(result).toMatchObject({ task: 'classifier', hammingLoss: expect.any(Number), microF1: expect.any(Number) });
    expect(result['microF1']).toBeGreaterThan(0.9);
    // Of texts with any number of labels those that were given count.
    const classified = jsonLines((await run(folder, ['classify', 'multi.st', '--json'], 'win a free cruise with Ana\nlunch at noon\n')).stdout);
    expect(classified.at(-1)?.['labels']).toEqual({ ana: 1, spam: 1 });
    const told = await run(folder, ['evaluate', 'multi.st', 'multi.test.jsonl']);
    expect(told.stdout).toMatch(/^all labels right \d+\.\d\d %, micro F1 .*, Hamming loss \d+\.\d\d %/);
    expect(told.stdout).not.toContain('confusion');
    const { stdout } = await run(folder, ['classify', 'multi.st'], 'win a free cruise with Ana\nlunch at noon\n');
    expect(stdout).toMatch(/^(ana,spam|spam,ana)\t0\.\d{4},0\.\d{4}\twin a free cruise with Ana\n\t\tlunch at noon\n$/);
  });

  it('takes weights and levels', async () => {
    const args = ['--kind', 'ordinal', '--labels', 'ham,bill,spam', '--class-weights', 'spam=2,ham=0.5', '--epochs', '2', '--model', 'levels.st'];
    await results(['mails.csv', ...args]);
    const info = jsonLines((await run(folder, ['info', 'levels.st', '--json'])).stdout)[0];
    expect(info).toMatchObject({ kind: 'classifier', labels: ['ham', 'bill', 'spam'], settings: { kind: 'ordinal', classWeights: { spam: 2, ham: 0.5 } } });
    const { stdout } = await run(folder, ['evaluate', 'levels.st', 'test.csv']);
    expect(stdout).toMatch(/^accuracy .*, mean absolute error \d\.\d{3}, weighted kappa -?\d\.\d{3}, /);
  });
});

describe('with a model', () => {
  beforeAll(async () => {
    const { code } = await trainLines(['mails.csv', '--model', model]);
    expect(code).toBe(0);
  });

  it('classify writes label, probability and text', async () => {
    const { code, stdout, stderr } = await run(folder, ['classify', model], 'you are a winner\n\nlunch\tat noon\n');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^spam\t0\.\d{4}\tyou are a winner\n(bill|ham|spam)\t0\.\d{4}\t\nham\t0\.\d{4}\tlunch\tat noon\n$/);
    await write('latin.txt', Uint8Array.of(0xc9, 0x76, 0x6f, 0x72, 0x61, 0x0a));
    expect((await run(folder, ['classify', model, 'latin.txt', '--encoding', 'latin1'])).stdout).toMatch(/\tÉvora\n$/);
    expect(await run(folder, ['classify', model, 'latin.txt'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ostinato: latin\.txt:1: expected UTF-8/) });
  });

  it('classify gives the probabilities of all labels as JSON Lines', async () => {
    const { stdout } = await run(folder, ['classify', model, '-', '--json'], 'you are a winner\npay the bill\n');
    const [first, second, result] = jsonLines(stdout);
    expect(first).toMatchObject({ event: 'text', line: 1, text: 'you are a winner', label: 'spam', score: expect.any(Number) });
    const labels = first?.['labels'] as { label: string; score: number }[];
    expect(labels.map(({ label }) => label).sort()).toEqual(['bill', 'ham', 'spam']);
    expect(labels.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
    expect(second).toMatchObject({ label: 'bill' });
    expect(result).toMatchObject({ event: 'result', task: 'classifier', model, texts: 2, labels: { spam: 1, bill: 1 }, seconds: expect.any(Number) });
  });

  it('classify answers a line before the next one comes', async () => {
    const { child, ended, until } = start(folder, ['classify', model]);
    child.stdin?.write('you are a winner\n');
    await until(/^spam\t/);
    child.stdin?.end('call me back\n');
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^spam\t.*\nham\t.*\n$/) });
  });

  it('evaluate prints a table and who was taken for whom, or the same as JSON', async () => {
    const { code, stdout, stderr } = await run(folder, ['evaluate', model, 'test.csv']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^accuracy \d+\.\d\d %, .* on 90 examples, /);
    expect(stdout).toMatch(/\n {6}bill {2}ham {2}spam\nbill +(\d+|·) /);
    const [json] = jsonLines((await run(folder, ['evaluate', model, 'test.csv', 'test.csv', '--json'])).stdout);
    expect(json).toMatchObject({ event: 'result', task: 'classifier', model, examples: 180 });
    expect(stdout).toContain(`accuracy ${(100 * (json?.['accuracy'] as number)).toFixed(2)} %`);
  });

  it('evaluate fetches it once, and names it where it is none', async () => {
    const { url, asked } = await serve(join(folder, model));
    expect(await run(folder, ['evaluate', url, 'test.csv'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^accuracy /) });
    expect(asked()).toBe(1);
    expect((await run(folder, ['evaluate', 'test.csv', 'test.csv'])).stderr).toMatch(/^ostinato: test\.csv: header: /);
  });

  it('info tells its labels and settings', async () => {
    const { stdout } = await run(folder, ['info', model]);
    for (const part of [`${model}: classifier, `, 'labels: bill, ham, spam', 'hidden-size: 16', 'dev accuracy', 'kept']) expect(stdout).toContain(part);
  });

  it.each<[string[], number, RegExp]>([
    [['evaluate', model, 'test.csv', '--mode', 'strict'], 2, /^ostinato: --mode is no option for this classifier\n$/],
    [['evaluate', model, 'test.csv', '--format', 'conll'], 2, /^ostinato: option format: expected csv, tsv, jsonl, fasttext or lines, given "conll"\n$/],
    [['evaluate', model, 'test.csv', '--text-column', 'body'], 1, /^ostinato: test\.csv:1: textColumn: there is no column "body"; the columns are "text", "label"\n$/],
    [['evaluate', model, 'other.csv'], 1, /^ostinato: other\.csv:2: .*"egg"/],
    [['evaluate', model, 'ragged.csv'], 1, /^ostinato: ragged\.csv:3: expected 2 fields, as on line 1, found 3: /],
    [['tag', model, 'test.csv'], 1, /^ostinato: mails\.ostinato\.safetensors: kind: expected a tagger, given "classifier"\n$/],
    [['train', 'classifier', 'one.csv'], 1, /^ostinato: .*two labels/],
    [['train', 'classifier', 'none.csv'], 1, /^ostinato: none\.csv: there is no such file or folder\n$/],
    [['train', 'classifier', 'words.txt'], 1, /^ostinato: words\.txt:1: unknown data format: /],
    [['train', 'classifier', 'empty'], 1, /^ostinato: empty: expected a folder for each class, found none\n$/],
    [['train', 'classifier', 'cut.csv.gz'], 1, /^ostinato: cut\.csv\.gz: the gzip data are damaged/],
    [['train', 'classifier', 'mails.csv', '--delimiter', '::'], 2, /^ostinato: option '--delimiter <character>' argument/],
    [['train', 'classifier', 'mails.csv', '--class-weights', 'spam'], 2, /expected balanced, or a weight for each label, as in spam=2,ham=1\./],
    [['train', 'classifier', 'mails.csv', '--pooling', 'min'], 2, /expected max, mean, last or attention/],
    [['train', 'classifier'], 2, /expected training data: a file, or --train and files/],
    [['classify'], 2, /missing required argument 'model'/],
  ])('%j ends with %i', async (args, expected, message) => {
    await write('other.csv', 'text,label\nfried,egg\n');
    await write('ragged.csv', 'text,label\na,ham\nb,c,ham\n');
    await write('one.csv', 'text,label\na,ham\nb,ham\n');
    await write('words.txt', 'only words\nand more of them\n');
    await write('cut.csv.gz', gzipSync(csv(training)).subarray(0, 100));
    await mkdir(join(folder, 'empty'), { recursive: true });
    const { code, stdout, stderr } = await run(folder, args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr.replace(/^\d+ training examples, .*\n/, '')).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('Ctrl-C keeps the best model so far', async () => {
    const { child, ended, until } = start(folder, ['train', 'classifier', 'mails.csv', ...quick, '--epochs', '5000', '--patience', '5000', '--model', 'best.st']);
    await until(/epoch 2\/5000 {2}loss/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/Interrupted: best\.st is the best model so far, of epoch \d+, dev accuracy \d+\.\d\d %\.\n$/);
    expect((await run(folder, ['classify', 'best.st'], 'lunch\n')).code).toBe(0);
  });
});
