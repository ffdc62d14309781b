import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MarkovModel } from '../../ts/src/models/markovModel.js';
import { folderForFile, jsonLines, run, serve } from './command.js';

const folder = await folderForFile();

it('ostinato info tells what stands in the file of a Markov model', async () => {
  await (await MarkovModel.train(['to be', 'or not to be'], { level: 'word', minCount: 1 })).save(join(folder, 'm.safetensors'));
  const { code, stdout } = await run(folder, ['info', 'm.safetensors']);
  expect(code).toBe(0);
  for (const part of ['m.safetensors: markov, 48 numbers', 'words: 4', 'order: 3', 'smoothing: modifiedKneserNey']) expect(stdout).toContain(part);
  expect(stdout).toMatch(/\ncounts +I32 +16\n/);
  const [json] = jsonLines((await run(folder, ['info', 'm.safetensors', '--json'])).stdout);
  expect(json).toMatchObject({ event: 'result', kind: 'markov', formatVersion: 1, labels: null, settings: { order: 3 } });
});

it('commands for other models refuse it', async () => {
  await (await MarkovModel.train('to be')).save(join(folder, 'other.safetensors'));
  expect(await run(folder, ['tag', 'other.safetensors'], 'to be')).toMatchObject({ code: 1, stderr: expect.stringContaining('given "markov"') });
});

it('ostinato score fetches it once', async () => {
  await (await MarkovModel.train('to be or not to be')).save(join(folder, 'far.safetensors'));
  const { url, asked } = await serve(join(folder, 'far.safetensors'));
  expect((await run(folder, ['score', url], 'to be')).stderr).toMatch(/^perplexity \d/);
  expect(asked()).toBe(1);
});
