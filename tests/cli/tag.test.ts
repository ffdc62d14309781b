import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { test } from '../tagger/sample.js';
import { folderForFile, jsonLines, quick, run, start } from './command.js';

const folder = await folderForFile();
const model = 'model.safetensors';

beforeAll(async () => {
  const { code } = await run(folder, ['train', 'tagger', 'train.jsonl', '--model', model, ...quick, '--seed', '3']);
  expect(code).toBe(0);
});

describe('ostinato tag', () => {
  const text = 'call Bruno before the flight to Lima\n\n🍜 lunch with Chen Wei in Riga';
  const marked = 'call [Bruno](PERSON) before the flight to [Lima](PLACE)\n\n🍜 lunch with [Chen Wei](PERSON) in [Riga](PLACE)\n';

  it('marks entities in lines from stdin', async () => {
    expect(await run(folder, ['tag', model], text)).toEqual({ code: 0, stdout: marked, stderr: '' });
    expect(await run(folder, ['tag', model, '-'], text)).toMatchObject({ code: 0, stdout: marked });
  });

  it('marks entities in a file, whatever its line ends', async () => {
    await writeFile(join(folder, 'text.txt'), `\ufeff${text.replaceAll('\n', '\r\n')}\r\n`);
    expect(await run(folder, ['tag', model, 'text.txt'])).toEqual({ code: 0, stdout: marked, stderr: '' });
  });

  it('gives offsets and scores as JSON Lines', async () => {
    const { code, stdout } = await run(folder, ['tag', model, '--json'], text);
    expect(code).toBe(0);
    const [first, second, third, result] = jsonLines(stdout);
    expect(first).toMatchObject({
      event: 'text', line: 1, entities: [{ type: 'PERSON', start: 5, end: 10, text: 'Bruno', score: expect.any(Number) }, { type: 'PLACE', text: 'Lima' }],
    });
    expect(second).toEqual({ event: 'text', line: 2, text: '', entities: [] });
    const lines = text.split('\n');
    for (const { start, end, text: covered } of third?.['entities'] as { start: number; end: number; text: string }[]) {
      expect(lines[2]?.slice(start, end)).toBe(covered);
    }
    expect(result).toMatchObject({ event: 'result', task: 'tagger', model, texts: 3, entities: 4, seconds: expect.any(Number) });
  });

  it('answers a line before the next one comes', async () => {
    const { child, ended, until } = start(folder, ['tag', model]);
    child.stdin?.write('call Bruno before noon\n');
    await until('[Bruno]');
    child.stdin?.write('call Dalia before noon\n');
    await until('[Dalia]');
    child.stdin?.end();
    expect(await ended).toMatchObject({ code: 0, stdout: 'call [Bruno](PERSON) before noon\ncall [Dalia](PERSON) before noon\n' });
  });

  it('writes what train and evaluate read', async () => {
    const lines = `${test.map((example) => example.text).join('\n')}\n`;
    const { stdout } = await run(folder, ['tag', model], lines);
    await writeFile(join(folder, 'tagged.md'), stdout);
    const { stdout: scored } = await run(folder, ['evaluate', model, 'tagged.md', '--json']);
    expect(jsonLines(scored).at(-1)).toMatchObject({ f1: 1, sentences: test.length });
  });

  it('says where text is not UTF-8', async () => {
    await writeFile(join(folder, 'latin1.txt'), Buffer.from([0x61, 0x0a, 0xe9, 0x0a]));
    const { code, stderr } = await run(folder, ['tag', model, 'latin1.txt']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^ostinato: latin1\.txt:2: expected UTF-8/)]);
  });

  it('ends quietly when nobody reads on', async () => {
    const { child, ended, until } = start(folder, ['tag', model]);
    child.stdin?.on('error', () => {});
    child.stdin?.write('call Bruno\n');
    await until('[Bruno]');
    child.stdout?.destroy();
    child.stdin?.write('call Dalia\n'.repeat(1000));
    child.stdin?.end();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('ostinato evaluate', () => {
  it('prints a table, or the same as JSON', async () => {
    await writeFile(join(folder, 'test.jsonl'), test.map((example) => `${JSON.stringify(example)}\n`).join(''));
    const { code, stdout, stderr } = await run(folder, ['evaluate', model, 'test.jsonl']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^F1 \d+\.\d\d %, accuracy \d+\.\d\d % on 70 examples, /);
    expect(stdout).toMatch(/\ntype +precision +recall +F1 +entities\nPERSON .*\nPLACE .*\nall .*\n$/);
    const json = jsonLines((await run(folder, ['evaluate', model, 'test.jsonl', 'test.jsonl', '--mode', 'strict', '--json'])).stdout);
    expect(json).toHaveLength(1);
    expect(json[0]).toMatchObject({ event: 'result', task: 'tagger', model, mode: 'strict', sentences: 140, f1: expect.any(Number) });
    expect(stdout).toContain(`F1 ${(100 * (json[0]?.['f1'] as number)).toFixed(2)} %`);
  });

  it('reads offsets in code points when told so', async () => {
    await writeFile(join(folder, 'python.jsonl'), '{"text":"🍜 with Bruno","label":[[7,12,"PERSON"]]}\n');
    const failed = await run(folder, ['evaluate', model, 'python.jsonl']);
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('cuts a token')]);
    const { code, stdout } = await run(folder, ['evaluate', model, 'python.jsonl', '--offset-unit', 'codePoint', '--json']);
    expect([code, jsonLines(stdout)[0]?.['gold']]).toEqual([0, 1]);
  });
});

describe('ostinato info', () => {
  it('tells what stands in a file', async () => {
    const { code, stdout } = await run(folder, ['info', model]);
    expect(code).toBe(0);
    for (const part of ['tagger', 'labels: PERSON, PLACE', 'hidden-size: 16', 'kept']) expect(stdout).toContain(part);
    expect(stdout).toMatch(/\nlstm\.weight_ih_l0_reverse +F32 +64 × 32\n/);
    const [json] = jsonLines((await run(folder, ['info', model, '--json'])).stdout);
    expect(json).toMatchObject({ event: 'result', kind: 'tagger', formatVersion: 1, labels: ['PERSON', 'PLACE'], settings: { hiddenSize: 16 }, report: { dev: { source: 'held out' } } });
    const tensors = json?.['tensors'] as { shape: number[] }[];
    expect(json?.['parameters']).toBe(tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0));
  });
});
