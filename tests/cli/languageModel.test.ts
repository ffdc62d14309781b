import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentences, text, unseen } from '../languageModel/sample.js';
import { emptyFolder, jsonLines, run, start } from './command.js';

const folder = await emptyFolder();
await writeFile(join(folder, 'book.txt'), text);
await writeFile(join(folder, 'more.txt'), unseen);
await writeFile(join(folder, 'lines.txt'), sentences(120, 1).join('\r\n'));
await writeFile(join(folder, 'empty.txt'), '');
await writeFile(join(folder, 'latin.txt'), Buffer.from('caf\xe9\n'.repeat(40), 'latin1'));

const quick = ['--variant', 'baseline'];
const small = [
  '--embedding-size', '12', '--hidden-size', '24', '--layers', '1', '--learning-rate', '0.02', '--batch-size', '8', '--sequence-length', '30', '--epochs', '6',
  ...quick,
];
const trained = await run(folder, ['train', 'lm', 'book.txt', '--test', 'more.txt', '--model', 'book.safetensors', ...small]);
const words = await run(folder, ['train', 'lm', 'lines.txt', '--lines', '--level', 'word', '--min-count', '1', '--model', 'lines.safetensors', '--json', ...small]);

describe('train lm', () => {
  it('learns a text, and tells how well it foresees another', () => {
    expect(trained.code).toBe(0);
    expect(trained.stdout).toMatch(/^held-out perplexity 1\.\d{3} on 1 example\ntest perplexity 1\.\d{3} on \d+ tokens\n0\.\d{3} bits a character, 0\.\d{3} nats a token\n$/);
    expect(trained.stderr).toMatch(/^4,\d{3} characters, a tenth of them held out\nepoch 1\/6 {2}step 0\/\d+\n/);
    expect(trained.stderr).toMatch(/\nepoch 6\/6 {2}loss 0\.\d{3} {2}dev perplexity 1\.\d{3} /);
    expect(trained.stderr).toMatch(/Now try:\n {2}ostinato generate book\.safetensors\n$/);
  });

  it('learns texts a line each, and gives the numbers as JSON', () => {
    expect(words.code).toBe(0);
    const events = jsonLines(words.stdout);
    expect(events[0]).toEqual({ event: 'data', train: 120, dev: null, test: null });
    expect(events.find(({ event }) => event === 'epoch')).toMatchObject({ gradientNorm: expect.any(Number), dev: { perplexity: expect.any(Number) } });
    expect(events.at(-1)).toMatchObject({
      event: 'result', task: 'lm', split: 'held out', perplexity: expect.any(Number), bitsPerCharacter: expect.any(Number), model: 'lines.safetensors',
    });
  });

  it('reads text in other encodings as it is', async () => {
    const { code, stderr } = await run(folder, ['train', 'lm', 'latin.txt', '--encoding', 'latin1', '--model', 'latin.safetensors', ...small, '--epochs', '1']);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/^200 characters/) });
    const wrong = await run(folder, ['train', 'lm', 'latin.txt', '--model', 'latin.safetensors', ...small]);
    expect(wrong).toMatchObject({ code: 1, stderr: 'ostinato: latin.txt: expected UTF-8, found bytes that are not\n' });
  });
});

describe('generate', () => {
  it('writes a text as it comes, the prompt before it', async () => {
    const { code, stdout, stderr } = await run(folder, ['generate', 'book.safetensors', 'the cat', '--temperature', '0.5', '--stop', '.', ...quick]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^the cat [a-z ]+\n$/);
    const again = await run(folder, ['generate', 'book.safetensors', '-', '--temperature', '0.5', '--stop', '.', ...quick], 'the cat');
    expect(again.stdout).toBe(stdout);
  });

  it('gives tokens as JSON', async () => {
    const { stdout } = await run(folder, ['generate', 'lines.safetensors', '--json', ...quick]);
    const events = jsonLines(stdout);
    const tokens = events.filter(({ event }) => event === 'token');
    expect(events.at(-1)).toMatchObject({ event: 'result', prompt: '', text: tokens.map((token) => token['text']).join(''), tokens: tokens.length, end: 'token' });
  });

  it('finds the most probable texts', async () => {
    const { stdout } = await run(folder, ['generate', 'book.safetensors', 'a dog', '--beams', '3', '--n-best', '2', '--max-tokens', '8', ...quick]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    const { stdout: json } = await run(folder, ['generate', 'book.safetensors', 'a dog', '--beams', '2', '--max-tokens', '8', '--json', ...quick]);
    expect(jsonLines(json)).toMatchObject([{ event: 'result', prompt: 'a dog', texts: [{ text: expect.any(String), logProb: expect.any(Number) }] }]);
  });

  it('tells with --json what there was when it is ended by Ctrl-C', async () => {
    const { child, ended, until } = start(folder, ['generate', 'book.safetensors', 'the', '--max-tokens', '100000000', '--json', ...quick]);
    await until('"token"');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const events = jsonLines(stdout);
    expect(events.at(-1)).toMatchObject({ event: 'result', prompt: 'the', tokens: events.length - 1, interrupted: true });
  });

  it('is ended by Ctrl-C', async () => {
    const { child, ended, until } = start(folder, ['generate', 'book.safetensors', 'the', '--max-tokens', '100000000', ...quick]);
    await until('the ');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(stdout).toMatch(/^the .*\n$/s);
  });
});

describe('score', () => {
  it('tells how much each token surprises', async () => {
    const { code, stdout, stderr } = await run(folder, ['score', 'book.safetensors', ...quick], 'the cat\n');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d{3}\t"t"\n(\d+\.\d{3}\t".+"\n){6}\d+\.\d{3}\t"\\n"\n$/);
    expect(stderr).toMatch(/^perplexity \d+\.\d{3}, \d+\.\d{3} bits a character, 8 tokens\n$/);
  });

  it('gives places and totals as JSON, also while the model adapts', async () => {
    for (const how of [[], ['--dynamic'], ['--cache']]) {
      const { stdout } = await run(folder, ['score', 'book.safetensors', 'more.txt', '--json', ...how, ...quick]);
      const events = jsonLines(stdout);
      expect(events[1]).toMatchObject({ event: 'token', start: 1, end: 2, surprisal: expect.any(Number), logProb: expect.any(Number) });
      expect(events.at(-1)).toMatchObject({ event: 'result', model: 'book.safetensors', tokens: unseen.length, perplexity: expect.any(Number) });
    }
  });
});

describe('texts that have ends', () => {
  it('are read a line each again', async () => {
    const results = [];
    for (const how of [[], ['--lines'], ['--no-lines']]) {
      const { stdout } = await run(folder, ['evaluate', 'lines.safetensors', 'lines.txt', '--json', ...how, ...quick]);
      results.push(jsonLines(stdout).at(-1)?.['perplexity']);
    }
    expect(results[0]).toBe(results[1]);
    expect(results[2]).toBeGreaterThan(results[0] as number);
  });

  it('end before the line break of a pipe', async () => {
    const [bare, piped] = [await run(folder, ['score', 'lines.safetensors', ...quick], 'the cat'), await run(folder, ['score', 'lines.safetensors', ...quick], 'the cat\r\n')];
    expect(piped).toEqual(bare);
    expect(bare.stdout).toMatch(/\t"the"\n.*\t"cat"\n.*\t""\n$/);
    const prompted = await run(folder, ['generate', 'lines.safetensors', '-', ...quick], 'the cat\n');
    expect(prompted).toEqual(await run(folder, ['generate', 'lines.safetensors', 'the cat', ...quick]));
  });
});

describe('other commands', () => {
  it('evaluate a language model, and tell about it', async () => {
    const { stdout } = await run(folder, ['evaluate', 'book.safetensors', 'more.txt', '--dynamic', '--json', ...quick]);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'result', task: 'lm', dynamic: true, cache: false, perplexity: expect.any(Number), natsPerToken: expect.any(Number) });
    const { stdout: info } = await run(folder, ['info', 'book.safetensors']);
    expect(info).toMatch(/^book\.safetensors: lm, /);
    expect(info).toMatch(/^tokens: \d+$/m);
    expect(info).not.toMatch(/^words:/m);
    expect(info).toMatch(/\nepoch +loss +dev perplexity\n1 +\d\.\d{3} +\d+\.\d{3}\n/);
  });

  it.each<[string[], number, RegExp]>([
    [['generate', 'book.safetensors', '--beams', '2', '--temperature', '1'], 2, /^ostinato: --temperature is of no use beside --beams: beam search draws nothing\n$/],
    [['generate', 'book.safetensors', '--top-p', '2'], 2, /expected a number from 0 to 1/],
    [['generate', 'none.safetensors'], 1, /^ostinato: none\.safetensors: there is no such file or folder\n$/],
    [['score', 'book.safetensors', 'none.txt'], 1, /^ostinato: none\.txt: there is no such file or folder\n$/],
    [['generate', 'book.safetensors', '--forced-prefix', 'the Q'], 2, /^ostinato: option forcedPrefix: expected tokens that the model has learnt to write, token 5 is none\n$/],
    [['train', 'lm', 'empty.txt'], 1, /^ostinato: empty\.txt: expected at least one example, found none\n$/],
    [['score', 'book.safetensors', 'empty.txt'], 1, /^ostinato: empty\.txt: expected a text, found none\n$/],
    [['evaluate', 'book.safetensors', 'empty.txt'], 1, /^ostinato: empty\.txt: expected at least one example, found none\n$/],
    [['train', 'lm', 'book.txt', '--context', '4'], 2, /^ostinato: option context: expected architecture feedForward beside it, given 4\n$/m],
  ])('%j is told', async (args, expected, message) => {
    const { code, stderr } = await run(folder, args);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
  });
});
