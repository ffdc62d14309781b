import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForFile, run, start } from './command.js';

const folder = await folderForFile();
await writeFile(join(folder, 'bad.json'), '{ "hiddenSize": -1 }');
await writeFile(join(folder, 'odd.json'), '{ "size": 7 }');
await writeFile(join(folder, 'text.json'), 'hello');
await writeFile(join(folder, 'list.json'), '[1]');
await writeFile(join(folder, 'empty.jsonl'), '\n');
await writeFile(join(folder, 'page.safetensors'), '<!doctype html><title>Not found</title>');

describe('wrong usage ends with 2', () => {
  it.each<[string[], RegExp]>([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['train', 'frobnicate'], /unknown command 'frobnicate'/],
    [['train', 'tagger'], /expected training data: a file, or --train and files/],
    [['train', 'tagger', 'train.jsonl', '--size', '3'], /unknown option '--size'/],
    [['train', 'tagger', 'train.jsonl', '--hidden-size', '0'], /'--hidden-size <number>' argument '0' is invalid\. expected a whole number of at least 1\./],
    [['train', 'tagger', 'train.jsonl', '--hidden-size', ''], /expected a whole number of at least 1/],
    [['train', 'tagger', 'train.jsonl', '--cell', 'mamba'], /expected lstm, gru or rnn/],
    [['train', 'tagger', 'train.jsonl', '--dropout', '1'], /expected a number from 0 to 0\.95/],
    [['train', 'tagger', 'train.jsonl', '--clip-norm', 'null'], /expected a number above 0, or none/],
    [['train', 'tagger', 'train.jsonl', '--tokenizer', 'segmenter'], /expected default, character, whitespace or segmenter: and a language/],
    [['train', 'tagger', 'train.jsonl', '--epochs'], /option '--epochs <number>' argument missing/],
    [['train', 'tagger', 'train.jsonl', '--batch-size', '4', '--batch-tokens', '9'], /options batchSize and batchTokens: expected one of them/],
    [['train', 'tagger', 'train.jsonl', '--config', 'none.json'], /--config none\.json: there is no such file or folder/],
    [['train', 'tagger', 'train.jsonl', '--config', 'bad.json'], /bad\.json: hiddenSize: expected a whole number of at least 1, given -1/],
    [['train', 'tagger', 'train.jsonl', '--config', 'odd.json'], /odd\.json: size: expected one of batchSize, /],
    [['train', 'tagger', 'train.jsonl', '--config', 'text.json'], /--config text\.json: not JSON/],
    [['train', 'tagger', 'train.jsonl', '--config', 'list.json'], /expected a JSON object, given an array of 1/],
    [['train', 'tagger', 'train.jsonl', '--threads', '2', '--variant', 'baseline'], /option threads: expected 1 with variant baseline; more take variant threads or auto, given 2/],
    [['evaluate', 'model.safetensors'], /missing required argument 'file'/],
    [['tag'], /missing required argument 'model'/],
    [['tag', 'a', 'b', 'c'], /too many arguments/],
    [[], /Usage: ostinato/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(folder, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe('failure ends with 1', () => {
  it.each<[string[], string]>([
    [['train', 'tagger', 'none.jsonl'], 'none.jsonl: there is no such file or folder'],
    [['train', 'tagger', '.', '--format', 'conll'], '.: this is a folder'],
    [['train', 'tagger', 'train.jsonl', '--dev', 'none.jsonl'], 'none.jsonl: there is no such file or folder'],
    [['train', 'tagger', 'train.jsonl', '--vectors', 'none.txt'], 'none.txt: there is no such file or folder'],
    [['train', 'tagger', 'empty.jsonl'], 'empty.jsonl: expected at least one example, found none'],
    [['train', 'tagger', 'train.jsonl', '--test', 'empty.jsonl', '-'], 'empty.jsonl, stdin: expected at least one example, found none'],
    [['train', 'tagger', '-'], 'stdin: expected at least one example, found none'],
    [['evaluate', 'none.safetensors', 'train.jsonl'], 'none.safetensors: there is no such file or folder'],
    [['info', 'none.safetensors'], 'none.safetensors: there is no such file or folder'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(folder, args);
    expect({ code, stdout: stdout.replace(/^\{"event":"data".*\n/, '') }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n').filter((line) => line.startsWith('ostinato: '))).toEqual([`ostinato: ${message}`]);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('for what is no model', async () => {
    for (const [file, reason] of [['train.jsonl', /./], ['page.safetensors', /HTML/i]] as const) {
      const { code, stderr } = await run(folder, ['tag', file], 'text\n');
      expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(`^ostinato: ${file}: `))]);
      expect(stderr).toMatch(reason);
    }
  });
});

describe('help', () => {
  it.each([
    [['--help'], ['train', 'evaluate', 'tag', 'classify', 'info', 'Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted']],
    [['train', '--help'], ['tagger', 'classifier']],
    [['train', 'classifier', '--help'], ['--text-column <column>', '--label-column <column>', '--no-header', '--delimiter <character>', '--encoding <name>', '--coarse', '--kind <name>', '(default: max)', '--class-weights <weights>', 'Examples:']],
    [['classify', '--help'], ['--json', 'Examples:']],
    [['train', 'tagger', '--help'], ['--train <file...>', '--hidden-size <number>', '(default: 100)', '--clip-norm <number>', '--no-lowercase', '--config <file>', '--json', 'Examples:']],
    [['evaluate', '--help'], ['conlleval or strict', 'conll, jsonl, inline, csv, tsv, fasttext or lines', 'Examples:']],
    [['tag', '--help'], ['[Ana](PERSON)', 'Examples:']],
    [['info', '--help'], ['Examples:']],
  ])('%j', async (args, parts) => {
    const { code, stdout, stderr } = await run(folder, args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of parts) expect(stdout.replace(/\s+/g, ' ')).toContain(part);
  });

  it('ends quietly when nobody reads on', async () => {
    const { child, ended } = start(folder, ['train', 'classifier', '--help']);
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('tells the version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(await run(folder, ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
