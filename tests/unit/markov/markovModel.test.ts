import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CancelledError, DataError, MarkovModel, ModelFileError, trainBpe, UsageError, type MarkovProgress } from '../../../ts/src/index.js';

const RHYME = 'One, two, buckle my shoe. Three, four, shut the door. Five, six, pick up sticks. Seven, eight, lay them straight.';

/** Probabilities of the tokens of a text. */
async function probabilities(model: MarkovModel, text: string): Promise<number[]> {
  return (await model.score(text)).tokens.map(({ logProb }) => Math.exp(logProb));
}

async function failure(work: Promise<unknown>): Promise<Error & { code?: string }> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: Error) => error,
  );
}

function expectClose(given: readonly number[], expected: readonly number[]): void {
  expect(given).toHaveLength(expected.length);
  given.forEach((value, index) => expect(value).toBeCloseTo(expected[index] as number, 13));
}

describe('by hand', () => {
  test('Witten and Bell, one text', async () => {
    // a and b twice each, b twice behind a, a once behind b; a, b and the unknown are possible.
    const model = await MarkovModel.train('abab', { order: 2, smoothing: 'wittenBell' });
    const [a, unknown] = [(2 + 2 / 3) / 6, 2 / 3 / 6];
    expectClose(await probabilities(model, 'ab'), [a, (2 + a) / 3]);
    expectClose(await probabilities(model, 'aaz'), [a, (0 + a) / 3, (0 + unknown) / 3]);
    expectClose(await probabilities(model, 'za'), [unknown, a]);
    expect(await model.logProb('ab')).toBeCloseTo(Math.log((4 / 9) * (22 / 27)), 13);
  });

  test('Witten and Bell, texts with a beginning and an end', async () => {
    // a, b, c and the end: 2, 1, 1 and 2 times. Behind the beginning a twice, behind b the end once.
    const model = await MarkovModel.train(['ab', 'ac'], { order: 2, smoothing: 'wittenBell' });
    const [a, b, end] = [(2 + 4 / 5) / 10, (1 + 4 / 5) / 10, (2 + 4 / 5) / 10];
    expectClose(await probabilities(model, 'ab'), [(2 + a) / 3, (1 + 2 * b) / 4, (1 + end) / 2]);
    const { tokens } = await model.score('ab');
    expect(tokens.at(-1)).toMatchObject({ text: '', start: 2, end: 2 });
    expect(await model.logProb(['ab', 'ab'])).toBeCloseTo(2 * (await model.logProb('ab')), 13);
    for (const work of [model.logProb('ab', { signal: AbortSignal.abort() }), model.perplexity('ab', { signal: AbortSignal.abort() })]) {
      await expect(work).rejects.toBeInstanceOf(CancelledError);
    }
  });

  test('Kneser and Ney', async () => {
    // ab twice, ba, ac and ca once: D = 3/5. Behind different ones stand a (2, and the start), b and c (1 each): D has no estimate and is 1/2.
    const model = await MarkovModel.train('abacab', { order: 2, smoothing: 'kneserNey' });
    const [a, b, unknown] = [2.5 / 5 + 0.3 / 4, 0.5 / 5 + 0.3 / 4, 0.3 / 4];
    const left = (0.6 * 2) / 3;
    expectClose(await probabilities(model, 'ab'), [a, 1.4 / 3 + left * b]);
    expectClose(await probabilities(model, 'aaz'), [a, left * a, left * unknown]);
    expectClose(await probabilities(model, 'zb'), [unknown, b]);
  });

  test('Kneser and Ney, modified', async () => {
    // Only one length, whose counts are not reduced: one each of d, e, f and g, two of c, three of b, four of a.
    const model = await MarkovModel.train('aaaabbbccdefg', { order: 1, smoothing: 'modifiedKneserNey' });
    const y = 4 / 6;
    const [d1, d2, d3] = [1 - (2 * y) / 4, 2 - 3 * y, 3 - 4 * y];
    // 2 − 3 · 2/3 is nothing: three discounts cannot be had.
    expect(d2).toBe(0);
    const plain = (y * 7) / 13 / 8;
    expectClose(await probabilities(model, 'ad'), [(4 - y) / 13 + plain, (1 - y) / 13 + plain]);
    expect([d1, d3].every((discount) => discount > 0)).toBe(true);
    const more = await MarkovModel.train('aaaabbbccDDdefgh', { order: 1, smoothing: 'modifiedKneserNey' });
    const z = 5 / 9;
    const [e1, e2, e3] = [1 - (2 * z * 2) / 5, 2 - (3 * z) / 2, 3 - 4 * z];
    const left = (5 * e1 + 2 * e2 + 2 * e3) / 16 / 10;
    expectClose(await probabilities(more, 'abcdz'), [(4 - e3) / 16 + left, (3 - e3) / 16 + left, (2 - e2) / 16 + left, (1 - e1) / 16 + left, left]);
  });
});

test('foresees text that it has read better than other text', async () => {
  for (const smoothing of ['kneserNey', 'modifiedKneserNey', 'wittenBell'] as const) {
    const model = await MarkovModel.train(RHYME, { smoothing });
    expect(await model.perplexity(RHYME)).toBeLessThan(4);
    expect(await model.perplexity('Nine, ten, a big fat hen.')).toBeGreaterThan(6);
  }
});

test('adds up what it scores', async () => {
  const model = await MarkovModel.train(RHYME);
  const text = 'Six, 🙂 two';
  const { tokens, ...rates } = await model.score(text);
  expect(tokens.map((token) => text.slice(token.start, token.end))).toEqual(['S', 'i', 'x', ',', ' ', '🙂', ' ', 't', 'w', 'o']);
  expect(tokens.map((token) => token.text)).toEqual([...text]);
  const logProb = tokens.reduce((sum, token) => sum + token.logProb, 0);
  expect(rates).toEqual({ logProb, natsPerToken: -logProb / 10, perplexity: expect.closeTo(Math.exp(-logProb / 10), 12), bitsPerCharacter: -logProb / Math.LN2 / 10 });
  expect(tokens.every((token) => token.surprisal === -token.logProb / Math.LN2)).toBe(true);
  expect(await model.evaluate(text)).toEqual({ ...rates, tokens: 10, characters: 10 });
  expect(await model.logProb(text)).toBe(logProb);
  const twice = await model.evaluate([text, text]);
  expect(twice).toMatchObject({ tokens: 20, characters: 20 });
  expect(twice.perplexity).toBeCloseTo(rates.perplexity, 12);
  expect(await model.evaluate('')).toEqual({ logProb: 0, natsPerToken: 0, perplexity: 1, bitsPerCharacter: 0, tokens: 0, characters: 0 });
});

test('scores texts of any length in pieces as at once', async () => {
  const long = RHYME.repeat(700);
  const model = await MarkovModel.train(RHYME);
  const { tokens: _, ...rates } = await model.score(long);
  expect(long.length).toBeGreaterThan(2 * 2 ** 15);
  expect(await model.evaluate(long)).toMatchObject(rates);
});

test('reads words, and calls those seen once unknown', async () => {
  const texts = ['the cat sat', 'the dog sat', 'the cat ran'];
  const model = await MarkovModel.train(texts, { level: 'word' });
  expect(model.settings).toEqual({ order: 3, smoothing: 'modifiedKneserNey', tokenizer: { type: 'default' }, minCount: 2 });
  const { tokens } = await model.score('the dog sat');
  expect(tokens.map(({ text, start }) => [text, start])).toEqual([['the', 0], ['dog', 4], ['sat', 8], ['', 11]]);
  // Two tokens are unknown in training: one more is as likely as one of these.
  const [, dog] = await probabilities(model, 'the dog');
  expect(await probabilities(model, 'the emu')).toContain(dog);
  expect(dog).toBeGreaterThan(0.05);
});

test('reads pieces of words', async () => {
  const tokenizer = await trainBpe([RHYME], { vocabSize: 280 });
  const model = await MarkovModel.train(RHYME, { tokenizer: tokenizer.config });
  expect(model.settings.order).toBe(6);
  const { tokens } = await model.score('One, two 🙂');
  // All pieces that are bytes of one character stand for it.
  expect(tokens.map(({ text }) => text).join('')).toBe('One, two 🙂🙂🙂🙂');
  expect(tokens.every(({ logProb }) => logProb < 0)).toBe(true);
});

test('goes on counting as if it had read everything at once', async () => {
  const [first, second] = [['abcab', 'cab'], ['bca', 'aabbc']];
  const once = await MarkovModel.train([...first, ...second]);
  const twice = await MarkovModel.load(await (await MarkovModel.train(first)).save());
  await twice.update(second);
  expect(await twice.score('cabba')).toEqual(await once.score('cabba'));
  await twice.update('zzz');
  const [z] = await probabilities(twice, 'z');
  expect(z).toBeGreaterThan((await probabilities(once, 'z'))[0] as number);
});

describe('files', () => {
  test('keep everything', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'markov-'));
    try {
      const path = join(folder, 'rhyme.safetensors');
      const model = await MarkovModel.train([RHYME], { level: 'word', minCount: 1, order: 4, smoothing: 'wittenBell' });
      const bytes = await model.save(path);
      const loaded = await MarkovModel.load(path);
      expect(loaded.settings).toEqual(model.settings);
      expect(loaded.documents).toBe(true);
      expect(await loaded.toBytes()).toEqual(bytes);
      expect(await loaded.score(RHYME)).toEqual(await model.score(RHYME));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('are refused when they are damaged', async () => {
    const bytes = await (await MarkovModel.train(RHYME)).save();
    const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + size));
    const withHeader = (text: string): Uint8Array => {
      const damaged = bytes.slice();
      damaged.set(new TextEncoder().encode(text.padEnd(size)), 8);
      return damaged;
    };
    const last = bytes.slice();
    last.fill(0xff, -4);
    const damages: [Uint8Array, string][] = [
      [new Uint8Array(3), 'truncated'],
      [bytes.slice(0, 40), 'truncated'],
      [bytes.slice(0, -1), 'truncated'],
      [withHeader('{'), 'invalid_header'],
      [withHeader('[]'), 'invalid_header'],
      [withHeader(header.replace('"counts"', '"others"')), 'missing_tensor'],
      [withHeader(header.replace('"I32"', '"F32"')), 'wrong_tensor'],
      [withHeader(header.replace('"format":"ostinato"', '"format":"another!"')), 'not_a_model'],
      [withHeader(header.replace('"markov_version":"1"', '"markov_version":"2"')), 'wrong_version'],
      [withHeader(header.replace('\\"order\\":6', '\\"order\\":0')), 'bad_metadata'],
      [withHeader(header.replace('\\"order\\":6', '\\"order\\":2')), 'bad_metadata'],
      [last, 'bad_metadata'],
    ];
    for (const [damaged, code] of damages) {
      const error = await failure(MarkovModel.load(damaged));
      expect(error).toBeInstanceOf(ModelFileError);
      expect(error.code).toBe(code);
    }
  });
});

describe('errors', () => {
  test('of texts', async () => {
    for (const texts of ['', [], ['', '']]) {
      const error = await failure(MarkovModel.train(texts));
      expect(error).toBeInstanceOf(DataError);
      expect(error.code).toBe('no_data');
    }
    expect(await failure(MarkovModel.train([1] as unknown as string[]))).toMatchObject({ code: 'bad_input', message: 'training data: text 1: expected a string, given 1' });
    expect(await failure(MarkovModel.train(7 as unknown as string))).toMatchObject({ code: 'bad_input' });
    const model = await MarkovModel.train(RHYME);
    expect(await failure(model.score(7 as unknown as string))).toBeInstanceOf(UsageError);
  });

  test.each([
    [{ order: 0 }, 'option order: expected a whole number from 1 to 20, given 0'],
    [{ order: 21 }, 'option order: expected a whole number from 1 to 20, given 21'],
    [{ smoothing: 'none' as 'wittenBell' }, 'option smoothing: expected modifiedKneserNey, kneserNey or wittenBell, given "none"'],
    [{ level: 'word', tokenizer: { type: 'character' } } as const, 'option level: expected it to be left out beside a tokenizer, given "word"'],
    [{ tokenizer: { type: 'none' as 'default' } }, 'option tokenizer.type: expected default, character, whitespace, segmenter or subword, given "none"'],
  ])('of options: %j', async (options, message) => {
    expect(await failure(MarkovModel.train(RHYME, options))).toMatchObject({ code: 'bad_option', message });
  });

  test('stops when it is told to, and tells how far it is', async () => {
    const progress: MarkovProgress[] = [];
    const controller = new AbortController();
    const text = RHYME.repeat(1000);
    const training = MarkovModel.train(text, {
      signal: controller.signal,
      onProgress(at) {
        progress.push(at);
        if (progress.length === 2) controller.abort();
      },
    });
    expect(await failure(training)).toBeInstanceOf(CancelledError);
    expect(progress).toEqual([{ done: 2 ** 15, total: text.length }, { done: 2 ** 16, total: text.length }]);
    const model = await MarkovModel.train(RHYME, { onProgress: (at) => progress.push(at) });
    expect(progress.at(-1)).toEqual({ done: RHYME.length, total: RHYME.length });
    expect(await failure(model.evaluate(RHYME, { signal: controller.signal }))).toBeInstanceOf(CancelledError);
  });
});
