// The same model in PyTorch, on the same tokens.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/setup/command.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { tokenizerFromConfig } from '../../dist/index.js';
import { optionsOf } from './train.mjs';

/**
 * Trains and tests the twin of a case.
 *
 * @returns `accuracy` and `seconds`, as of `trainAndTest`
 * @throws Failure with what Python says
 */
export async function trainTwin(one, file, { train, test }, seed, python) {
  const { tokenizer, ...options } = optionsOf(one, file, seed);
  const reader = tokenizerFromConfig(tokenizer);
  const tokens = (examples) => examples.map(({ text, label }) => ({ tokens: reader.tokenize(text).map((token) => token.text), label }));
  const folder = await mkdtemp(join(tmpdir(), 'ostinato-twin-'));
  try {
    const task = join(folder, 'task.json');
    await writeFile(task, JSON.stringify({ ...options, train: tokens(train), test: tokens(test) }));
    const { stdout } = await run('The twin in PyTorch failed.', python, [at('bench/pytorch/accuracy.py'), task]);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}
