import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForFile, run } from '../cli/command.js';
import { small } from '../tagger/sample.js';

const folder = await folderForFile();

/** Trains in the command's own process; returns the weights, which follow a header that tells how long it took. */
async function weightsOf(model: string, ...more: string[]): Promise<Buffer> {
  const sizes = ['--batch-size', '16', '--epochs', '3', '--hidden-size', `${small.hiddenSize}`, '--seed', '3'];
  const { code, stderr } = await run(folder, ['train', 'tagger', 'train.jsonl', '--model', model, ...sizes, ...more]);
  expect([code, stderr]).toEqual([0, expect.stringContaining(`The model is ${model}`)]);
  const file = await readFile(join(folder, model));
  return file.subarray(8 + file.readUInt32LE(0));
}

describe('the command with threads', () => {
  it('ends with the same weights as with one, and evaluates and tags with them', async () => {
    const alone = await weightsOf('alone.safetensors', '--variant', 'threads');
    expect(alone.equals(await weightsOf('two.safetensors', '--threads', '2'))).toBe(true);
    expect(alone.equals(await weightsOf('four.safetensors', '--threads', '4', '--variant', 'threads'))).toBe(true);

    const evaluated = await run(folder, ['evaluate', 'two.safetensors', 'train.jsonl', '--threads', '2']);
    expect(evaluated).toMatchObject({ code: 0, stdout: expect.stringMatching(/F1 \d/) });
    const tagged = await run(folder, ['tag', 'two.safetensors', '--threads', '2'], 'lunch with Ana in Oslo\n');
    expect(tagged).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lunch with .*Ana.* in .*Oslo/) });
  });
});
