import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForFile, jsonLines, quick, run, start } from './command.js';

const folder = await folderForFile();
const train = (model: string, ...args: string[]) =>
  start(folder, ['train', 'tagger', 'train.jsonl', '--model', model, ...quick, '--epochs', '5000', '--patience', '5000', ...args]);

describe('Ctrl-C', () => {
  it('keeps the best model so far and says so', async () => {
    const { child, ended, until } = train('best.safetensors');
    await until(/epoch 3\/5000 {2}loss/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/Stopping; Ctrl-C again quits at once\.\n/);
    expect(stderr).toMatch(/Interrupted: best\.safetensors is the best model so far, of epoch \d+, dev F1 \d+\.\d\d %\.\n$/);
    const { stdout: info } = await run(folder, ['info', 'best.safetensors', '--json']);
    const [{ report }] = jsonLines(info) as [{ report: { bestEpoch: number; epochs: { epoch: number }[] } }];
    expect(report.epochs.at(-1)?.epoch).toBe(report.bestEpoch);
    expect((await run(folder, ['tag', 'best.safetensors'], 'call Bruno\n')).code).toBe(0);
  });

  it('gives the result so far as JSON', async () => {
    const { child, ended, until } = train('json.safetensors', '--json');
    await until(/"event":"epoch","epoch":2/);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const result = jsonLines(stdout).at(-1);
    expect(result).toMatchObject({ event: 'result', interrupted: true, model: 'json.safetensors', f1: expect.any(Number), dev: { source: 'held out' } });
  });

  it('leaves no model behind before the first epoch is over', async () => {
    const { child, ended, until } = train('none.safetensors', '--batch-size', '1', '--hidden-size', '400', '--layers', '3');
    await until('epoch 1/5000  step 0/');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/Interrupted before an epoch was known to be good: no model was written\.\n$/) });
    expect(existsSync(join(folder, 'none.safetensors'))).toBe(false);
  });
});
