import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { test, training } from '../extractor/sample.js';
import { folderForFile, jsonLines, quick, run } from './command.js';

const folder = await folderForFile();
const jsonl = (examples: readonly object[]): string => examples.map((example) => `${JSON.stringify(example)}\n`).join('');

beforeAll(async () => {
  await writeFile(join(folder, 'requests.jsonl'), jsonl(training));
  await writeFile(join(folder, 'test.jsonl'), jsonl(test));
  const files = ['--train', 'requests.jsonl', '--test', 'test.jsonl', '--model', 'm.safetensors'];
  trained = await run(folder, ['train', 'extractor', ...files, ...quick, '--epochs', '15', '--slots', 'DATE=one', '--json']);
});
let trained: Awaited<ReturnType<typeof run>>;

describe('ostinato train extractor', () => {
  it('trains, and scores the test', () => {
    expect([trained.code, trained.stderr]).toEqual([0, expect.stringMatching(/epoch \d+\/15 .*dev whole records/)]);
    const lines = jsonLines(trained.stdout);
    expect(lines[0]).toEqual({ event: 'data', train: training.length, dev: null, test: test.length });
    expect(lines.find(({ event }) => event === 'epoch')).toMatchObject({ losses: { intent: expect.any(Number), slots: expect.any(Number) } });
    const result = lines.at(-1) as Record<string, number>;
    expect(result).toMatchObject({
      event: 'result', task: 'extractor', split: 'test', examples: test.length, model: 'm.safetensors',
      intents: { confusion: { labels: ['ask', 'cancel', 'create'] } }, slots: { types: [{ type: 'DATE' }, { type: 'PERSON' }] },
      dev: { source: 'held out', recordAccuracy: expect.any(Number), intentAccuracy: expect.any(Number), slotF1: expect.any(Number) },
    });
    expect(result['recordAccuracy']).toBeGreaterThanOrEqual(0.8);
    expect(result['intentAccuracy']).toBeGreaterThanOrEqual(0.95);
  });

  it('says what is wrong with what is typed', async () => {
    for (const [slots, message] of [['DATE=two', /--slots.*expected how many values types of slots have, as in DATE=one,PERSON=many/], ['TIME=one', /option slots: expected types of slots, which are DATE, PERSON, given "TIME"/]] as const) {
      const { code, stdout, stderr } = await run(folder, ['train', 'extractor', 'requests.jsonl', '--slots', slots]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
    }
    await writeFile(join(folder, 'odd.jsonl'), '{"text":"a","intent":7}\n');
    expect(await run(folder, ['train', 'extractor', 'odd.jsonl'])).toMatchObject({
      code: 1, stderr: 'ostinato: odd.jsonl:1: intent: expected the name of an intent, given 7\n',
    });
  });
});

describe('a trained extractor', () => {
  it('is evaluated, with its confusion', async () => {
    const { code, stdout } = await run(folder, ['evaluate', 'm.safetensors', 'test.jsonl']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^whole records \d+\.\d\d %, intents \d+\.\d\d %, slot F1 \d+\.\d\d % on 60 examples, at [\d,]+ tokens\/s\n/);
    expect(stdout).toMatch(/\nDATE +\d+\.\d\d % .*\nPERSON .*\nall .*\n\nconfusion, a row for each true label, a column for each predicted one\n +ask +cancel +create\nask +\d+/);
    const json = jsonLines((await run(folder, ['evaluate', 'm.safetensors', 'test.jsonl', '--json'])).stdout).at(-1);
    const result = jsonLines(trained.stdout).at(-1);
    expect(json).toMatchObject({ task: 'extractor', recordAccuracy: result?.['recordAccuracy'], slotF1: result?.['slotF1'] });
    expect((await run(folder, ['evaluate', 'm.safetensors', 'test.jsonl', '--mode', 'strict'])).stderr).toMatch(/--mode is no option for this extractor/);
  });

  it('extracts from each line', async () => {
    const input = 'put lunch with Ana on Monday\n\nwhat is on the list ?\n';
    const { code, stdout } = await run(folder, ['extract', 'm.safetensors'], input);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n').map((line) => line.split('\t'));
    expect(lines.map(([intent, , record, text]) => [intent, record, text])).toEqual([
      ['create', '{"date":"Monday","person":["Ana"]}', 'put lunch with Ana on Monday'],
      [expect.any(String), expect.any(String), ''],
      ['ask', '{"date":null,"person":[]}', 'what is on the list ?'],
    ]);
    const json = jsonLines((await run(folder, ['extract', 'm.safetensors', '--json'], input)).stdout);
    expect(json[0]).toMatchObject({
      event: 'text', line: 1, intent: 'create', score: expect.any(Number), record: { date: 'Monday', person: ['Ana'] },
      intents: [{ label: 'create' }, {}, {}], spans: [{ type: 'PERSON', start: 15, end: 18, value: 'Ana' }, { type: 'DATE' }],
    });
    expect(json.at(-1)).toMatchObject({ event: 'result', task: 'extractor', texts: 3, intents: { create: expect.any(Number) } });
  });

  it('tells what it is', async () => {
    const { stdout } = await run(folder, ['info', 'm.safetensors']);
    expect(stdout).toMatch(/^m\.safetensors: extractor, /);
    expect(stdout).toMatch(/\nlabels: DATE, PERSON\nintents: ask, cancel, create\n/);
    expect(stdout).toMatch(/dev whole records/);
    expect((await run(folder, ['tag', 'm.safetensors'], 'a\n')).code).toBe(1);
  });
});
