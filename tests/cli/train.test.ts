import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tagged, test, training } from '../tagger/sample.js';
import { folderForFile, jsonLines, quick, run } from './command.js';

const folder = await folderForFile();

const conll = (sentences: ReturnType<typeof tagged>): string =>
  sentences.map(({ tokens, tags }) => `${tokens.map((token, index) => `${token}\t${tags[index]}\n`).join('')}\n`).join('');

describe('ostinato train tagger', () => {
  it('needs nothing but a file', async () => {
    await writeFile(join(folder, 'few.jsonl'), training.slice(0, 60).map((example) => `${JSON.stringify(example)}\n`).join(''));
    const { code, stdout, stderr } = await run(folder, ['train', 'tagger', 'few.jsonl']);
    expect({ code, stderr: stderr.split('\n')[0] }).toEqual({ code: 0, stderr: '60 training examples, a tenth of them held out' });
    expect(stdout).toMatch(/^held-out F1 \d+\.\d\d % on 6 examples\n$/);
    expect(stderr).toMatch(/\nThe model is few\.ostinato\.safetensors\. Now try:\n {2}ostinato tag few\.ostinato\.safetensors\n$/);
    const tagging = await run(folder, ['tag', 'few.ostinato.safetensors'], 'lunch with Ana in Oslo\n');
    expect(tagging.stdout).toBe('lunch with [Ana](PERSON) in [Oslo](PLACE)\n');
  });

  it('prints JSON Lines, the last of them the result, with the metrics of the test', async () => {
    await writeFile(join(folder, 'dev.conll'), conll(tagged(test.slice(0, 20))));
    await writeFile(join(folder, 'test.conll'), conll(tagged(test)));
    await writeFile(join(folder, 'train.conll'), conll(tagged(training)));
    const args = ['--train', 'train.conll', '--dev', 'dev.conll', '--test', 'test.conll', '--model', 'all.safetensors', '--json'];
    const { code, stdout, stderr } = await run(folder, ['train', 'tagger', ...args, ...quick, '--epochs', '12', '--patience', '12']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('epoch 12/12')]);
    const lines = jsonLines(stdout);
    expect(lines[0]).toEqual({ event: 'data', train: training.length, dev: 20, test: test.length });
    expect(lines[1]).toMatchObject({ event: 'progress', epoch: 1, epochs: 12, step: 0, loss: null });
    const epochs = lines.filter(({ event }) => event === 'epoch');
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(epochs[0]).toMatchObject({ loss: expect.any(Number), dev: { f1: expect.any(Number) }, tokensPerSecond: expect.any(Number) });
    const result = lines.at(-1) as Record<string, number>;
    expect(result).toMatchObject({
      event: 'result', task: 'tagger', split: 'test', model: 'all.safetensors', sentences: test.length, epochs: 12,
      gold: expect.any(Number), predicted: expect.any(Number), correct: expect.any(Number), tokens: expect.any(Number),
      accuracy: expect.any(Number), tokensPerSecond: expect.any(Number), seconds: expect.any(Number),
      dev: { source: 'given', sentences: 20, f1: expect.any(Number) }, stoppedEarly: false,
    });
    expect(result['f1']).toBeGreaterThanOrEqual(0.95);
    expect(result['f1']).toBeLessThanOrEqual(1);
    const { precision = 0, recall = 0, correct = 0, gold = 1, predicted = 1 } = result;
    expect([precision, recall]).toEqual([correct / predicted, correct / gold]);
  });

  it('gives the metrics of the held-out part where there is no test', async () => {
    const { stdout } = await run(folder, ['train', 'tagger', 'train.jsonl', '--json', '--model', 'held.safetensors', ...quick, '--epochs', '2']);
    const result = jsonLines(stdout).at(-1);
    expect(result).toMatchObject({ event: 'result', split: 'held out', dev: { source: 'held out', sentences: 14 } });
    expect(result?.['f1']).toBe((result?.['dev'] as { f1: number }).f1);
  });

  it('takes several files, inline annotation among them', async () => {
    await writeFile(join(folder, 'inline.md'), 'ring [Zoe](PERSON)\nfly to [Xi an](PLACE)\n');
    const { stdout, code } = await run(folder, ['train', 'tagger', 'train.jsonl', '--train', 'inline.md', '--json', ...quick, '--epochs', '1', '--model', 'both.safetensors']);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ train: training.length + 2 });
  });

  it('takes options from a file, and those typed before them', async () => {
    const config = { train: 'train.jsonl', model: 'configured.safetensors', hiddenSize: 12, 'embedding-size': 10, epochs: 1, clipNorm: null, json: true, lowercase: false, variant: 'baseline', schedule: { kind: 'cosine', t_max: 9 }, tokenizer: 'whitespace' };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const { code, stdout, stderr } = await run(folder, ['train', 'tagger', '--config', 'config.json', '--hidden-size', '14']);
    expect([code, stderr]).toEqual([0, expect.anything()]);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ model: 'configured.safetensors', epochs: 1 });
    const info = jsonLines((await run(folder, ['info', 'configured.safetensors', '--json'])).stdout).at(-1);
    expect(info?.['settings']).toMatchObject({ hiddenSize: 14, embeddingSize: 10, lowercase: false, tokenizer: { type: 'whitespace' } });
  });

  it('ends with the same numbers from the same seed', async () => {
    const weights: string[] = [];
    for (const name of ['one', 'two']) {
      await run(folder, ['train', 'tagger', 'train.jsonl', '--model', `${name}.safetensors`, ...quick, '--epochs', '1', '--seed', '4']);
      const bytes = await readFile(join(folder, `${name}.safetensors`));
      weights.push(bytes.subarray(8 + Number(bytes.readBigUInt64LE(0))).toString('hex'));
    }
    expect(weights[1]).toBe(weights[0]);
  });

  it('finds out before training that the model cannot be written', async () => {
    await mkdir(join(folder, 'folder'), { recursive: true });
    for (const [model, reason] of [['no/such/folder/m.safetensors', 'there is no such file or folder'], ['folder', 'this is a folder']]) {
      const { code, stdout, stderr } = await run(folder, ['train', 'tagger', 'train.jsonl', '--model', model as string]);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `ostinato: ${model}: could not be written, ${reason}\n` });
    }
  });

  it('tells what is wrong with the data in one sentence', async () => {
    await writeFile(join(folder, 'cut.jsonl'), '{"text":"Anastasia sings","entities":[{"start":0,"end":3,"type":"PERSON"}]}\n');
    const { code, stdout, stderr } = await run(folder, ['train', 'tagger', 'cut.jsonl']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/ostinato: cut\.jsonl:1: .* cuts a token; the nearest that does not is 0–9 "Anastasia"\n$/);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(join(folder, 'cut.ostinato.safetensors'))).toBe(false);
  });
});
