import { describe, expect, test } from 'vitest';
import { Random } from '../../../../ts/src/data/random.js';
import { CancelledError, UsageError } from '../../../../ts/src/errors.js';
import type { SubwordTokenizer } from '../../../../ts/src/text/subword/subwordTokenizer.js';
import type { TokenizerJson } from '../../../../ts/src/text/subword/tokenizerJson.js';
import type { TokenizerProgress } from '../../../../ts/src/text/subword/training/clock.js';
import { trainBpe, trainUnigram, trainWordLevel, trainWordPiece } from '../../../../ts/src/text/subword/training/train.js';
import { multilingualTexts } from './multilingual.js';

/** The example of Sennrich et al. (2016). */
const SENNRICH = ['low '.repeat(5), 'lower '.repeat(2), 'newest '.repeat(6), 'widest '.repeat(3)];
const jsonOf = (tokenizer: SubwordTokenizer): TokenizerJson => JSON.parse(tokenizer.toJson()) as TokenizerJson;
const split = { type: 'WhitespaceSplit' } as const;

describe('trainBpe', () => {
  const merges = async (texts: string[], options: object): Promise<string[]> => {
    const { model } = jsonOf(await trainBpe(texts, options));
    return model.type === 'BPE' ? model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' '))) : [];
  };

  test('merges the most frequent pairs, older pieces first', async () => {
    // e s and s t occur 9 times each; of the letters, which are in order, e is older than s.
    expect(await merges(SENNRICH, { vocabSize: 20, preTokenizer: split })).toEqual([
      'e s', 'es t', 'l o', 'lo w', 'e w', 'n ew', 'new est', 'd est', 'i dest',
    ]);
  });

  test('stops where pairs are too rare, and keeps rare pieces apart', async () => {
    expect(await merges(SENNRICH, { vocabSize: 1000, preTokenizer: split, minFrequency: 7 })).toEqual(['e s', 'es t', 'l o', 'lo w']);
    expect(await merges(['ab ab'], { vocabSize: 1000, preTokenizer: split, minFrequency: 3 })).toEqual([]);
    expect(await merges([], { preTokenizer: split })).toEqual([]);
  });

  test('counts runs as they are merged', async () => {
    // aaaa has a a at 3 places, but only two of them become aa.
    expect(await merges(['aaaa aaaa b'], { vocabSize: 100, preTokenizer: split })).toEqual(['a a', 'aa aa']);
    expect(await merges(['aaaaa'.repeat(3)], { vocabSize: 100, preTokenizer: split, minFrequency: 1 })).toEqual([
      'a a', 'aa aa', 'aaaa aaaa', 'aa a', 'aaaa aaa', 'aaaaaaaa aaaaaaa',
    ]);
  });

  test('learns what a plain count of all pairs, again and again, finds', async () => {
    const texts = multilingualTexts(120, 5).map((text) => text.slice(0, 40));
    expect(await merges(texts, { vocabSize: 700, preTokenizer: split, unknownToken: null })).toEqual(plainMerges(texts, 700));
  });

  test('on bytes has all 256 of them, and nothing is unknown', async () => {
    const { model, added_tokens: added, decoder } = jsonOf(await trainBpe(['a'], { specialTokens: ['<pad>', '</s>'] }));
    expect(Object.keys(model.vocab)).toHaveLength(258);
    expect(added.map(({ content, id, special }) => [content, id, special])).toEqual([['<pad>', 0, true], ['</s>', 1, true]]);
    expect(model).toMatchObject({ type: 'BPE', unk_token: null });
    expect(decoder).toMatchObject({ type: 'ByteLevel' });
  });

  test('on characters leaves rare ones to the unknown piece', async () => {
    const tokenizer = await trainBpe(['c aab aab'], { preTokenizer: split, alphabetSize: 2 });
    expect(tokenizer.encode('aab c').tokens.map(({ text }) => text)).toEqual(['aab', '<unk>']);
    const none = await trainBpe(['aab aab c'], { preTokenizer: split, alphabetSize: 2, unknownToken: null });
    expect(none.encode('aab c').tokens.map(({ text }) => text)).toEqual(['aab']);
  });
});

/** Byte pair encoding in the plainest way: all pairs are counted anew for every merge. */
function plainMerges(texts: string[], vocabSize: number): string[] {
  let words = texts.flatMap((text) => text.split(/\p{White_Space}+/u).filter((word) => word !== '').map((word) => [...word]));
  const pieces = [...new Set(words.flat())].sort((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
  const merges: string[] = [];
  while (pieces.length < vocabSize) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let at = 1; at < word.length; at += 1) counts.set(`${word[at - 1]} ${word[at]}`, (counts.get(`${word[at - 1]} ${word[at]}`) ?? 0) + 1);
    }
    const rank = (pair: string): number[] => pair.split(' ').map((piece) => pieces.indexOf(piece));
    const [best] = [...counts].sort(([p, a], [q, b]) => b - a || (rank(p)[0] as number) - (rank(q)[0] as number) || (rank(p)[1] as number) - (rank(q)[1] as number));
    if (best === undefined || best[1] < 2) break;
    const [left, right] = best[0].split(' ') as [string, string];
    merges.push(best[0]);
    if (!pieces.includes(left + right)) pieces.push(left + right);
    words = words.map((word) => {
      const merged: string[] = [];
      for (let at = 0; at < word.length; at += 1) {
        if (word[at] === left && word[at + 1] === right) merged.push(left + word[(at += 1)]);
        else merged.push(word[at] as string);
      }
      return merged;
    });
  }
  return merges;
}

describe('trainWordPiece', () => {
  test('marks pieces inside words', async () => {
    const tokenizer = await trainWordPiece(SENNRICH, { vocabSize: 34 });
    expect(tokenizer.encode('Lówest newest').tokens.map(({ text, start, end }) => [text, start, end])).toEqual([
      ['low', 0, 3], ['##est', 3, 6], ['newest', 7, 13],
    ]);
    expect(tokenizer.decode(tokenizer.encode('low, newest').ids, { skipSpecialTokens: false })).toBe('low [UNK] newest');
  });
});

describe('trainUnigram', () => {
  test('finds the words of a text without spaces', async () => {
    const words = ['haus', 'boot', 'tür', 'schlüssel', 'blumen', 'topf'];
    const random = new Random(1);
    const texts = Array.from({ length: 300 }, () => Array.from({ length: 1 + random.below(5) }, () => words[random.below(6)]).join(''));
    const tokenizer = await trainUnigram(texts, { vocabSize: 30, preTokenizer: null });
    expect(tokenizer.encode('blumentopfhaustürschlüssel').tokens.map(({ text }) => text)).toEqual(['blumen', 'topf', 'haus', 'tür', 'schlüssel']);
  });

  test('its pieces are as many as there may be, and their probabilities are a distribution', async () => {
    const { model } = jsonOf(await trainUnigram(multilingualTexts(400), { vocabSize: 500, alphabetSize: 200, specialTokens: ['<pad>'] }));
    const vocab = model.type === 'Unigram' ? model.vocab : [];
    expect(vocab).toHaveLength(500);
    expect(vocab.slice(0, 2)).toEqual([['<unk>', 0], ['<pad>', 0]]);
    const logarithms = vocab.slice(2).map(([, logarithm]) => logarithm);
    expect([...logarithms].sort((a, b) => b - a)).toEqual(logarithms);
    const sum = logarithms.reduce((total, logarithm) => total + Math.exp(logarithm), 0);
    expect(sum).toBeGreaterThan(0.9);
    expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    expect(vocab.filter(([piece]) => [...piece].length === 1)).toHaveLength(200);
  });

  test('does not take a special token for a piece', async () => {
    const { model } = jsonOf(await trainUnigram(Array(50).fill('x ▁a'), { specialTokens: ['▁a', 'x'], vocabSize: 20 }));
    const pieces = model.type === 'Unigram' ? model.vocab.map(([piece]) => piece) : [];
    expect(new Set(pieces).size).toBe(pieces.length);
  });

  test('words of any length, and characters above U+FFFF', async () => {
    const tokenizer = await trainUnigram(['𠮷'.repeat(500), 'x'.repeat(1000), '🍜𠮷🍜𠮷🍜𠮷'], { vocabSize: 40 });
    const { tokens } = tokenizer.encode('𠮷🍜');
    expect(tokens.at(-1)?.end).toBe(4);
    expect(tokenizer.decode(tokenizer.encode('𠮷🍜𠮷x').ids)).toBe('𠮷🍜𠮷x');
  });
});

describe('trainWordLevel', () => {
  test('keeps the most frequent words', async () => {
    const tokenizer = await trainWordLevel(['a b b c c c', '王王 d'], { vocabSize: 4 });
    expect(tokenizer.config).toMatchObject({ tokenizer: { model: { vocab: { '[UNK]': 0, c: 1, b: 2, 王: 3 } } } });
    expect(tokenizer.decode(tokenizer.encode('c 王王 b').ids)).toBe('c 王王 b');
    // a and d occur once.
    expect((await trainWordLevel(['a b b c c c', '王王 d'])).vocabularySize).toBe(4);
    expect((await trainWordLevel(['a b b c c c', '王王 d'], { minFrequency: 1 })).vocabularySize).toBe(6);
  });
});

describe('every training', () => {
  const TRAININGS = [
    ['trainBpe', trainBpe],
    ['trainWordPiece', trainWordPiece],
    ['trainUnigram', trainUnigram],
    ['trainWordLevel', trainWordLevel],
  ] as const;

  describe.each(TRAININGS)('%s', (_, train) => {
    test('takes texts one after another, and gives the same again', async () => {
      const texts = multilingualTexts(100);
      async function* later(): AsyncGenerator<string> {
        for (const text of texts) yield text;
      }
      const options = { vocabSize: 700 };
      const once = await train(texts, options);
      expect((await train(later(), options)).config).toEqual(once.config);
      expect((await train(new Set(texts).values(), options)).vocabularySize).toBeGreaterThan(100);
    });

    test('tells how far it is, lets others have a turn, and stops when asked to', async () => {
      const controller = new AbortController();
      const told: TokenizerProgress[] = [];
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 1);
      function* endless(): Generator<string> {
        for (let number = 0; ; number += 1) yield `text ${number}`;
      }
      const training = train(endless(), {
        signal: controller.signal,
        onProgress: (progress) => {
          told.push(progress);
          if (told.length === 3) controller.abort('enough');
        },
      });
      await expect(training).rejects.toThrow(CancelledError);
      clearInterval(timer);
      expect(told.map(({ stage }) => stage)).toEqual(['counting', 'counting', 'counting']);
      expect(told[0]?.done).toBeGreaterThan(0);
      expect(turns).toBeGreaterThan(0);
      await expect(train(['a'], { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    });

    test.each<[object, string]>([
      [{ vocabSize: 0 }, 'option vocabSize: expected a whole number from 1 to 16777216, given 0'],
      [{ vocabSize: 1.5 }, 'option vocabSize'],
      [{ specialTokens: [''] }, 'option specialTokens: expected an array of strings, none empty'],
      [{ unknownToken: '' }, 'option unknownToken: expected a string that is not empty, or null'],
      [{ normaliser: 'NFKC' }, 'option normaliser: expected null or JSON'],
      [{ normaliser: { type: 'Foo' } }, 'option normaliser.type: '],
      [{ preTokenizer: { type: 'Split' } }, 'option preTokenizer.pattern: '],
      [{ decoder: { type: 'Strip' } }, 'option decoder.content: '],
      [{ template: '[CLS]' }, 'option template: expected special tokens and one $A, with spaces between, given "[CLS]"'],
      [{ template: '[CLS] $A' }, 'option template: expected special tokens and one $A; [CLS] is not among specialTokens, given "[CLS] $A"'],
      [{ alphabetSize: 0 }, 'option alphabetSize'],
      [{ onProgress: 1 }, 'option onProgress: expected a function, given 1'],
      [{ signal: 1 }, 'option signal: expected an AbortSignal, given 1'],
      [{ vocabularySize: 9 }, 'option vocabularySize: there is no such option'],
    ])('refuses %j', async (options, message) => {
      await expect(train(['a'], options as never)).rejects.toThrow(UsageError);
      await expect(train(['a'], options as never)).rejects.toThrow(message);
    });

    test.each<[unknown, string]>([
      ['a text alone', 'expected an array or an async iterable of texts, given "a text alone"'],
      [5, 'expected an array or an async iterable of texts, given 5'],
      [['a', 7], 'text 2: expected a string, given 7'],
    ])('refuses %j for texts', async (texts, message) => {
      await expect(train(texts as never)).rejects.toThrow(message);
    });
  });

  test('wants room for the characters', async () => {
    const expected = 'option vocabSize: expected at least 4, for 3 characters and 1 special tokens (or alphabetSize, to leave rare characters out), given 3';
    await expect(trainUnigram(['ab'], { vocabSize: 3 })).rejects.toThrow(expected);
    await expect(trainWordPiece(['abc'], { vocabSize: 3 })).rejects.toThrow(expected);
    await expect(trainBpe(['a'], { vocabSize: 255 })).rejects.toThrow('option vocabSize: expected at least 256');
    expect((await trainUnigram(['ab'], { vocabSize: 3, alphabetSize: 2 })).vocabularySize).toBe(3);
  });

  test('needs something to call the unknown where there is always something', async () => {
    for (const train of [trainWordPiece, trainWordLevel]) {
      await expect(train(['a'], { unknownToken: null })).rejects.toThrow('option unknownToken: expected a string');
    }
  });

  test('unigram has no minFrequency', async () => {
    await expect(trainUnigram(['a'], { minFrequency: 2 } as never)).rejects.toThrow('option minFrequency: there is no such option');
  });
});
