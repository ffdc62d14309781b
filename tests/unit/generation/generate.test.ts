import { describe, expect, test } from 'vitest';
import { generate, generateTexts } from '../../../ts/src/generation/generate.js';
import type { GeneratedPiece, GenerationEnd } from '../../../ts/src/generation/draft.js';
import type { GenerationOptions } from '../../../ts/src/generation/options.js';
import { letters, logs, Toy, type Scores } from './toy.js';

const ABC = 'abc';
/** After each letter mostly the next one. What all scores have in common means nothing. */
const cycle: Scores = (ids) => {
  const next = ((ids.at(-1) ?? -1) + 1) % 3;
  return logs(...[0, 1, 2].map((id) => (id === next ? 0.8 : 0.1))).map((score) => score + 5);
};

async function texts(scores: Scores, options: GenerationOptions, language = letters(ABC)) {
  const toy = new Toy(scores, language.prompts);
  const found = await generateTexts(toy, toy.now(), options, language);
  expect(toy.disposals).toBe(1);
  return found;
}

async function text(scores: Scores, options: GenerationOptions, language = letters(ABC)): Promise<string> {
  const [found] = await texts(scores, options, language);
  return found?.text ?? '';
}

async function stream(scores: Scores, options: GenerationOptions, language = letters(ABC)) {
  const toy = new Toy(scores, language.prompts);
  const pieces: GeneratedPiece[] = [];
  const iterator = generate(toy, toy.now(), options, language);
  let end: GenerationEnd | undefined;
  for (;;) {
    const { done, value } = await iterator.next();
    if (done === true) {
      end = value;
      break;
    }
    pieces.push(value);
  }
  expect(toy.disposals).toBe(1);
  return { pieces, end, toy };
}

describe('generate', () => {
  test('gives tokens with their probabilities, and why the text ends', async () => {
    const { pieces, end, toy } = await stream(cycle, { temperature: 0, maxTokens: 4 });
    expect(pieces.map(({ id, text }) => `${id} ${text}`)).toEqual(['0 a', '1 b', '2 c', '0 a']);
    for (const { logProb } of pieces) expect(logProb).toBeCloseTo(Math.log(0.8), 6);
    expect(end).toBe('length');
    // The last token need not be read.
    expect(toy.calls).toEqual(['feed 0', 'feed 1', 'feed 2']);
  });

  test('goes on from the prompt', async () => {
    expect(await text(cycle, { temperature: 0, maxTokens: 3 }, letters(ABC, { prompts: ['ab'] }))).toBe('cab');
  });

  test('joins on to the prompt', async () => {
    const words = { ...letters(ABC, { prompts: ['a'] }), decode: (ids: readonly number[]) => ids.map((id) => ABC.charAt(id)).join(' ') };
    expect(await text(cycle, { temperature: 0, maxTokens: 2 }, words)).toBe(' b c');
  });

  test('gives no text of an end token that has some', async () => {
    expect(await text(cycle, { temperature: 0 }, { ...letters(ABC), endIds: [2] })).toBe('ab');
  });

  test('ends with an end token, which is no text', async () => {
    const ending: Scores = (ids) => (ids.length < 2 ? logs(0.9, 0.02, 0.02, 0.06) : logs(0.1, 0.1, 0.1, 0.7));
    const language = letters(ABC, { end: true });
    const { pieces, end } = await stream(ending, { temperature: 0 }, language);
    expect([pieces.map(({ id }) => id), pieces.map(({ text }) => text).join(''), end]).toEqual([[0, 0, 3], 'aa', 'token']);
    expect(pieces[2]?.logProb).toBeCloseTo(Math.log(0.7), 6);
    // No end before the fourth token; of equal ones then the first.
    expect(await texts(ending, { temperature: 0, minTokens: 4 }, language)).toEqual([
      { text: 'aaaa', ids: [0, 0, 0, 0, 3], logProb: expect.closeTo(Math.log(0.9 * 0.9 * 0.1 * 0.1 * 0.7), 5), end: 'token' },
    ]);
  });

  test('is greedy at temperature 0, and takes the smallest of equal ids', async () => {
    expect(await text(() => [1, 2, 2], { temperature: 0, maxTokens: 3 })).toBe('bbb');
    expect(await text(() => [1, 2, 2], { temperature: 0, maxTokens: 3, topK: 1, seed: 7 })).toBe('bbb');
  });

  test('draws as often as is probable', async () => {
    const probabilities = [0.5, 0.2, 0.15, 0.1, 0.05];
    const counts = [0, 0, 0, 0, 0];
    const language = letters('abcde', { prompts: new Array<string>(50).fill('') });
    for (const { ids } of await texts(() => logs(...probabilities), { maxTokens: 400, seed: 3 }, language)) for (const id of ids) counts[id]! += 1;
    const chiSquare = counts.reduce((sum, count, id) => sum + (count - 20_000 * probabilities[id]!) ** 2 / (20_000 * probabilities[id]!), 0);
    // The 99.9 % point for four degrees of freedom.
    expect(chiSquare).toBeLessThan(18.5);
  });

  test.each<[GenerationOptions, number[]]>([
    [{ temperature: 0.5 }, [0.25, 0.09, 0.0225, 0.0025]],
    [{ topK: 2 }, [0.5, 0.3, 0, 0]],
    [{ topP: 0.75 }, [0.5, 0.3, 0, 0]],
    [{ minP: 0.4 }, [0.5, 0.3, 0, 0]],
    // The entropy is 1.14; the surprisal of the second letter is the nearest, 1.2.
    [{ typicalP: 0.25 }, [0, 0.3, 0, 0]],
    // Two, which for the temperature are nearly all, would be three without it.
    [{ temperature: 0.5, topP: 0.92 }, [0.25, 0.09, 0, 0]],
    [{ topK: 3, minP: 0.35 }, [0.5, 0.3, 0, 0]],
  ])('%j changes what is drawn', async (options, weights) => {
    const probabilities = [0.5, 0.3, 0.15, 0.05];
    const counts = [0, 0, 0, 0];
    const { pieces } = await stream(() => logs(...probabilities), { ...options, maxTokens: 2000, seed: 11 }, letters('abcd'));
    for (const { id } of pieces) counts[id]! += 1;
    const sum = weights.reduce((total, weight) => total + weight, 0);
    let chiSquare = 0;
    counts.forEach((count, id) => {
      const expected = (2000 * weights[id]!) / sum;
      if (expected === 0) expect(count).toBe(0);
      else chiSquare += (count - expected) ** 2 / expected;
    });
    expect(chiSquare).toBeLessThan(16.3);
    // The model's probability, whatever the options.
    expect(pieces.every(({ id, logProb }) => Math.abs(logProb - Math.log(probabilities[id]!)) < 1e-6)).toBe(true);
  });

  test('gives the same for a seed, and for another one something else', async () => {
    const even: Scores = () => [0, 0, 0];
    const once = await text(even, { seed: 5 });
    expect(once).toHaveLength(200);
    expect(await text(even, { seed: 5 })).toBe(once);
    expect(await text(even, { seed: 6 })).not.toBe(once);
    expect(await text(even, {})).toBe(await text(even, { seed: 1 }));
    // What a text of seed 1 is never changes.
    expect(once.slice(0, 12)).toBe('abcaaacabbbc');
  });

  test('penalises repeats, of the prompt too', async () => {
    const fond: Scores = () => [3, 2.9, 2];
    expect(await text(fond, { temperature: 0, repetitionPenalty: 1.2, maxTokens: 3 })).toBe('aba');
    expect(await text(fond, { temperature: 0, repetitionPenalty: 1.2, maxTokens: 2 }, letters(ABC, { prompts: ['a'] }))).toBe('ba');
    expect(await text(fond, { temperature: 0, maxTokens: 2 })).toBe('aa');
  });

  test('repeats no n-grams, of the prompt neither', async () => {
    expect(await text(() => [3, 2, 1], { temperature: 0, noRepeatNgram: 2, maxTokens: 6 })).toBe('aabaca');
    expect(await text(() => [3, 2, 1], { temperature: 0, noRepeatNgram: 2, maxTokens: 2 }, letters(ABC, { prompts: ['aa'] }))).toBe('ba');
  });

  test('avoids bad words, as texts or ids', async () => {
    for (const badWords of [['ab', 'c'], [[0, 1], [2]]]) expect(await text(cycle, { temperature: 0, badWords, maxTokens: 4 })).toBe('aaaa');
    expect(await text(cycle, { temperature: 0, badWords: ['ab'], maxTokens: 2 }, letters(ABC, { prompts: ['ca'] }))).toBe('aa');
  });

  test('begins with what is forced, whatever rules it out', async () => {
    for (const forcedPrefix of ['cc', [2, 2]]) {
      expect(await texts(cycle, { temperature: 0, forcedPrefix, badWords: ['c'], noRepeatNgram: 1, maxTokens: 3 })).toEqual([
        { text: 'cca', ids: [2, 2, 0], logProb: expect.closeTo(Math.log(0.1 * 0.1 * 0.8), 5), end: 'length' },
      ]);
    }
    expect(await text(cycle, { temperature: 0, forcedPrefix: 'bbbb', maxTokens: 2 })).toBe('bb');
  });

  test('is not begun with what is never written', async () => {
    const work = texts(() => [0, 0, -Infinity], { forcedPrefix: 'ac' });
    await expect(work).rejects.toMatchObject({ code: 'bad_option', message: expect.stringMatching(/^option forcedPrefix: .* token 2 is none$/) });
  });

  test('fails where nothing may follow', async () => {
    const toy = new Toy(() => [0, 0, 0]);
    const work = generateTexts(toy, toy.now(), { noRepeatNgram: 1 }, letters(ABC));
    await expect(work).rejects.toMatchObject({ name: 'UsageError', code: 'nothing_allowed', message: expect.stringMatching(/all after 3$/) });
    expect(toy.disposals).toBe(1);
  });

  test.each<[GenerationOptions, string]>([
    [{ badWords: [[3]] }, 'option badWords: expected ids from 0 to 2, given 3'],
    [{ forcedPrefix: [0, 9] }, 'option forcedPrefix: expected ids from 0 to 2, given 9'],
  ])('%j names ids that there are not', async (options, message) => {
    const toy = new Toy(cycle);
    await expect(generate(toy, toy.now(), options, letters(ABC)).next()).rejects.toMatchObject({ code: 'bad_option', message });
    expect(toy.disposals).toBe(1);
  });

  test('a text without tokens is no bad word', async () => {
    const work = texts(cycle, { badWords: [' '] }, { ...letters(ABC), encode: () => [] });
    await expect(work).rejects.toThrow('option badWords: expected a text with tokens, given " "');
  });

  test('stops at a string that spans tokens', async () => {
    const { pieces, end, toy } = await stream(cycle, { temperature: 0, stop: ['ca', 'xyz'] });
    expect(pieces.map(({ text }) => text)).toEqual(['a', 'b', '', '']);
    expect(end).toBe('stop');
    expect(toy.calls).toHaveLength(3);
    expect(await texts(cycle, { temperature: 0, stop: 'cb', maxTokens: 3 })).toEqual([
      { text: 'abc', ids: [0, 1, 2], logProb: expect.closeTo(3 * Math.log(0.8), 5), end: 'length' },
    ]);
  });

  test('gives what is held back with an end token', async () => {
    const ending: Scores = (ids) => (ids.length < 2 ? logs(0.9, 0.05, 0.02, 0.03) : logs(0.1, 0.1, 0.1, 0.7));
    const { pieces, end } = await stream(ending, { temperature: 0, stop: 'aab' }, letters(ABC, { end: true }));
    expect([pieces.map(({ text }) => text), end]).toEqual([['', '', 'aa'], 'token']);
  });

  test('holds back half an emoji, and stops at it', async () => {
    const bytes = [...new TextEncoder().encode('a😀b😁')];
    const spoken: Scores = (ids) => Array.from({ length: 256 }, (_, id) => (id === bytes[ids.length] ? 9 : 0));
    const language = { ...letters(''), decode: (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids)) };
    const { pieces } = await stream(spoken, { temperature: 0, maxTokens: bytes.length }, language);
    expect(pieces.map(({ text }) => text)).toEqual(['a', '', '', '', '😀', 'b', '', '', '', '😁']);
    const stopped = await stream(spoken, { temperature: 0, stop: '😁' }, language);
    expect([stopped.pieces.map(({ text }) => text).join(''), stopped.end]).toEqual(['a😀b', 'stop']);
    expect(await text(spoken, { temperature: 0, maxTokens: 4 }, language)).toBe('a\ufffd');
  });
});

describe('several texts', () => {
  test('end one by one, and are those of each by itself', async () => {
    const scores: Scores = (ids) => logs(0.4, 0.3, 0.2, 0.02 + ids.length / 100);
    const prompts = ['a', 'bbbb', '', 'cab'];
    const language = letters(ABC, { end: true, prompts });
    const toy = new Toy(scores, language.prompts);
    const options = { stop: 'ba', maxTokens: 40, repetitionPenalty: 1.1 };
    const found = await generateTexts(toy, toy.now(), { ...options, seed: 20 }, language);
    expect(new Set(found.map(({ end }) => end)).size).toBeGreaterThan(1);
    for (const [row, prompt] of prompts.entries()) {
      expect([found[row]]).toEqual(await texts(scores, { ...options, seed: 20 + row }, letters(ABC, { end: true, prompts: [prompt] })));
    }
    expect(toy.calls.filter((call) => call.startsWith('select')).length).toBeGreaterThan(1);
    expect(toy.disposals).toBe(1);
  });

  test('may be none', async () => {
    expect(await texts(cycle, {}, letters(ABC, { prompts: [] }))).toEqual([]);
  });
});

describe('the end of a stream', () => {
  test('disposes of the model when nobody wants more', async () => {
    const toy = new Toy(cycle);
    for await (const { text } of generate(toy, toy.now(), {}, letters(ABC))) {
      expect(text).not.toBe('');
      break;
    }
    expect(toy.disposals).toBe(1);
    expect(toy.calls).toEqual([]);
  });

  test('disposes of it before it has begun, and once', async () => {
    const toy = new Toy(cycle);
    const iterator = generate(toy, toy.now(), {}, letters(ABC));
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(toy.disposals).toBe(1);
  });

  test('waits for a token that is being computed', async () => {
    const toy = new Toy(cycle);
    const iterator = generate(toy, toy.now(), {}, letters(ABC));
    await iterator.next();
    const [second, returned] = await Promise.all([iterator.next(), iterator.return?.()]);
    expect([second.done, returned?.done, toy.disposals]).toEqual([false, true, 1]);
  });

  test('is a CancelledError when the signal says so', async () => {
    const toy = new Toy(cycle);
    const controller = new AbortController();
    const iterator = generate(toy, toy.now(), { signal: controller.signal }, letters(ABC));
    await iterator.next();
    controller.abort('enough');
    await expect(iterator.next()).rejects.toMatchObject({ name: 'CancelledError', cause: 'enough' });
    expect([toy.disposals, (await iterator.next()).done]).toEqual([1, true]);
    const late = new Toy(cycle);
    await expect(generateTexts(late, late.now(), { signal: AbortSignal.abort() }, letters(ABC))).rejects.toMatchObject({ code: 'cancelled' });
    expect([late.disposals, late.calls]).toEqual([1, []]);
  });

  test('can come from a timer while a model answers at once', async () => {
    const toy = new Toy(cycle);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const work = generateTexts(toy, toy.now(), { signal: controller.signal, maxTokens: 1e9 }, letters(ABC));
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('is the error of the model', async () => {
    const toy = new Toy((ids) => (ids.length < 2 ? [0, 0, 0] : [0, NaN, 0]));
    const iterator = generate(toy, toy.now(), {}, letters(ABC));
    await iterator.next();
    await iterator.next();
    await expect(iterator.next()).rejects.toMatchObject({ name: 'OstinatoError', code: 'not_finite' });
    expect(toy.disposals).toBe(1);
  });
});
