import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DataError, UnsupportedError, UsageError } from '../../../../ts/src/errors.js';
import { BPE, Bpe } from '../../../../ts/src/text/subword/bpe.js';
import type { PieceModel } from '../../../../ts/src/text/subword/pieces.js';
import { Unigram, UNIGRAM } from '../../../../ts/src/text/subword/unigram.js';
import { WordLevel } from '../../../../ts/src/text/subword/wordLevel.js';
import { WordPiece, WORD_PIECE } from '../../../../ts/src/text/subword/wordPiece.js';

/** Ids in the order of pieces. */
const vocabOf = (...pieces: string[]): Record<string, number> => Object.fromEntries(pieces.map((piece, id) => [piece, id]));

/** Pieces with where they are in the word. */
const cut = (model: PieceModel, word: string): [string, number, number][] => {
  const { ids, texts, starts, ends } = model.pieces(word);
  expect(ids.map((id) => model.table.piece(id) !== undefined)).not.toContain(false);
  return texts.map((text, index) => [text, starts[index] as number, ends[index] as number]);
};

const bpe = (json: Omit<v.InferInput<typeof BPE>, 'type'>): Bpe => new Bpe(v.parse(BPE, { type: 'BPE', ...json }));

describe('BPE', () => {
  const vocab = vocabOf('<unk>', 'l', 'o', 'w', 'e', 'r', 'lo', 'low', 'er', 'a', 'aa', 'aaaa');
  const merges = ['l o', 'lo w', 'e r', 'a a', 'aa aa'];

  test('merges what was learned first', () => {
    expect(cut(bpe({ vocab, merges }), 'lower')).toEqual([['low', 0, 3], ['er', 3, 5]]);
    const other = { vocab: { ...vocab, ow: 12 }, merges: ['o w', 'l o', 'lo w'] };
    expect(cut(bpe(other), 'lowlo')).toEqual([['l', 0, 1], ['ow', 1, 3], ['lo', 3, 5]]);
  });

  test('of equal pairs the leftmost', () => {
    expect(cut(bpe({ vocab, merges }), 'aaa')).toEqual([['aa', 0, 2], ['a', 2, 3]]);
    expect(cut(bpe({ vocab, merges }), 'aaaaaaa')).toEqual([['aaaa', 0, 4], ['aa', 4, 6], ['a', 6, 7]]);
  });

  test('leaves out what is unknown, if nothing stands for it, and the places of the others are right', () => {
    expect(cut(bpe({ vocab, merges }), 'lo🍜w')).toEqual([['low', 0, 5]]);
    expect(cut(bpe({ vocab, merges }), '🍜er')).toEqual([['er', 2, 4]]);
  });

  test('has a piece for what is unknown, or one for a run of it', () => {
    expect(cut(bpe({ vocab, merges, unk_token: '<unk>' }), 'l🍜ßo')).toEqual([['l', 0, 1], ['<unk>', 1, 3], ['<unk>', 3, 4], ['o', 4, 5]]);
    expect(cut(bpe({ vocab, merges, unk_token: '<unk>', fuse_unk: true }), '🍜ßoß')).toEqual([['<unk>', 0, 3], ['o', 3, 4], ['<unk>', 4, 5]]);
  });

  test('falls back to bytes where it has them all', () => {
    const bytes = ['<0xC3>', '<0x9F>', '<0xF0>'];
    const model = bpe({ vocab: { ...vocab, ...Object.fromEntries(bytes.map((piece, index) => [piece, 20 + index])) }, merges, byte_fallback: true, unk_token: '<unk>' });
    expect(cut(model, 'lßo')).toEqual([['l', 0, 1], ['<0xC3>', 1, 2], ['<0x9F>', 1, 2], ['o', 2, 3]]);
    expect(cut(model, '🍜')).toEqual([['<unk>', 0, 2]]);
  });

  test('takes a word whole that is a piece, if merges are ignored', () => {
    const json = { vocab: { ...vocab, re: 12 }, merges };
    expect(cut(bpe(json), 're')).toEqual([['r', 0, 1], ['e', 1, 2]]);
    expect(cut(bpe({ ...json, ignore_merges: true }), 're')).toEqual([['re', 0, 2]]);
  });

  test('prefixes and suffixes', () => {
    const inner = bpe({ vocab: vocabOf('l', '##o', '##w', 'lo', 'low'), merges: [['l', '##o'], ['lo', '##w']], continuing_subword_prefix: '##' });
    expect(cut(inner, 'lowo')).toEqual([['low', 0, 3], ['##o', 3, 4]]);
    const last = bpe({ vocab: vocabOf('l', 'o', 'w</w>', 'ow</w>'), merges: ['o w</w>'], end_of_word_suffix: '</w>' });
    expect(cut(last, 'low')).toEqual([['l', 0, 1], ['ow</w>', 1, 3]]);
  });

  test('a word that nobody would write takes no time', () => {
    const started = performance.now();
    expect(bpe({ vocab, merges }).pieces('a'.repeat(200_000)).ids).toHaveLength(50_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test.each<[string, object, string]>([
    ['a merge of one', { vocab, merges: ['lo'] }, 'tokenizer model.merges[0]: expected two pieces, given "lo"'],
    ['a merge that is none', { vocab, merges: [null] }, 'tokenizer model.merges[0]: expected two pieces, given null'],
    ['a merge of three', { vocab, merges: [['l', 'o', 'w']] }, 'tokenizer model.merges[0]: expected two pieces, given an array of 3'],
    ['a merge of strangers', { vocab, merges: ['l o', 'l x'] }, 'tokenizer model.merges[1]: expected a piece of model.vocab, given "x"'],
    ['a merge to a stranger', { vocab, merges: ['o l'] }, 'tokenizer model.merges[0]: expected a piece of model.vocab, given "ol"'],
    ['an unknown piece that is unknown', { vocab, merges, unk_token: '?' }, 'tokenizer model.unk_token: expected a piece of model.vocab, given "?"'],
    ['an id that is none', { vocab: { a: -1 }, merges: [] }, 'tokenizer model.vocab["a"]: expected an id from 0 to 16777216, given -1'],
    ['an id of two', { vocab: { a: 1, b: 1 }, merges: [] }, 'tokenizer model.vocab["b"]: expected an id that "a" does not have, given 1'],
  ])('refuses %s', (_, json, message) => {
    expect(() => bpe(json as never)).toThrow(DataError);
    expect(() => bpe(json as never)).toThrow(message);
  });

  test('refuses dropout', () => {
    expect(() => bpe({ vocab, merges, dropout: 0.1 })).toThrow(UnsupportedError);
    expect(bpe({ vocab, merges, dropout: 0 }).table.size).toBe(12);
  });
});

describe('WordPiece', () => {
  const vocab = vocabOf('[UNK]', 'un', '##aff', '##able', 'u', '##n', '##affa', '中', '##🍜');
  const model = new WordPiece(v.parse(WORD_PIECE, { type: 'WordPiece', vocab, unk_token: '[UNK]' }));

  test('takes the longest piece each time', () => {
    expect(cut(model, 'unaffable')).toEqual([['[UNK]', 0, 9]]);
    expect(cut(model, 'unaffn')).toEqual([['un', 0, 2], ['##aff', 2, 5], ['##n', 5, 6]]);
    expect(cut(model, 'un🍜able')).toEqual([['un', 0, 2], ['##🍜', 2, 4], ['##able', 4, 8]]);
    expect(cut(model, '中')).toEqual([['中', 0, 1]]);
  });

  test('a word is unknown as a whole, and so is one that is too long', () => {
    expect(cut(model, 'unx')).toEqual([['[UNK]', 0, 3]]);
    const short = new WordPiece(v.parse(WORD_PIECE, { type: 'WordPiece', vocab, unk_token: '[UNK]', max_input_chars_per_word: 3 }));
    expect(cut(short, 'un🍜')).toEqual([['un', 0, 2], ['##🍜', 2, 4]]);
    expect(cut(short, 'un🍜n')).toEqual([['[UNK]', 0, 5]]);
  });

  test('another prefix, or none', () => {
    const none = new WordPiece(v.parse(WORD_PIECE, { type: 'WordPiece', vocab: vocabOf('?', 'ab', 'c'), unk_token: '?', continuing_subword_prefix: '' }));
    expect(cut(none, 'cab')).toEqual([['c', 0, 1], ['ab', 1, 3]]);
  });

  test('refuses an unknown piece that is unknown', () => {
    expect(() => new WordPiece(v.parse(WORD_PIECE, { type: 'WordPiece', vocab, unk_token: '?' }))).toThrow('tokenizer model.unk_token');
  });
});

describe('unigram', () => {
  const vocab: [string, number][] = [['<unk>', 0], ['a', -2], ['b', -2], ['ab', -3], ['abc', -9], ['c', -1], ['🍜', -4]];
  const unigram = (json: Partial<v.InferInput<typeof UNIGRAM>>): Unigram => new Unigram(v.parse(UNIGRAM, { type: 'Unigram', vocab, unk_id: 0, ...json }));

  test('takes the most probable pieces', () => {
    expect(cut(unigram({}), 'abc')).toEqual([['ab', 0, 2], ['c', 2, 3]]);
    expect(cut(unigram({}), 'ba🍜ab')).toEqual([['b', 0, 1], ['a', 1, 2], ['🍜', 2, 4], ['ab', 4, 6]]);
  });

  test('agrees with all ways to cut a word, tried one by one', () => {
    const scores = new Map(vocab);
    const best = (word: string): number =>
      word === '' ? 0 : Math.max(...Array.from(scores, ([piece, score]) => (word.startsWith(piece) ? score + best(word.slice(piece.length)) : Number.NEGATIVE_INFINITY)));
    for (let code = 0; code < 3 ** 7; code += 1) {
      const word = code.toString(3).replace(/[012]/g, (digit) => 'abc'.charAt(Number(digit)));
      const score = unigram({}).pieces(word).texts.reduce((sum, piece) => sum + (scores.get(piece) as number), 0);
      expect(score).toBeCloseTo(best(word), 10);
    }
  });

  test('a run of unknown characters is one piece, with its text', () => {
    expect(cut(unigram({}), 'aXß👍bX')).toEqual([['a', 0, 1], ['Xß👍', 1, 5], ['b', 5, 6], ['X', 6, 7]]);
    expect(unigram({}).pieces('aXß').ids).toEqual([1, 0]);
  });

  test('falls back to bytes where it has them all', () => {
    const bytes = [['<0xC3>', 0], ['<0x9F>', 0]] as [string, number][];
    const model = unigram({ vocab: [...vocab, ...bytes], byte_fallback: true });
    expect(cut(model, 'aßßb')).toEqual([['a', 0, 1], ['<0xC3>', 1, 2], ['<0x9F>', 1, 2], ['<0xC3>', 2, 3], ['<0x9F>', 2, 3], ['b', 3, 4]]);
    expect(cut(model, 'ßé')).toEqual([['ßé', 0, 2]]);
  });

  test('without a piece for what is unknown there is an error', () => {
    expect(() => unigram({ unk_id: null }).pieces('aX')).toThrow(UsageError);
    expect(() => unigram({ unk_id: null }).pieces('aX')).toThrow('the vocabulary has neither "X" nor a piece for what is unknown');
    expect(cut(unigram({ unk_id: null }), 'ab')).toEqual([['ab', 0, 2]]);
  });

  test.each<[string, object, string]>([
    ['an unknown id that is unknown', { unk_id: 7 }, 'tokenizer model.unk_id: expected an id from 0 to 6, given 7'],
    ['a piece without a score', { vocab: [['a']] }, 'tokenizer model.vocab[0]: expected a piece and its score, given an array of 1'],
    ['a score that is none', { vocab: [['a', 0], ['b', null]] }, 'tokenizer model.vocab[1]: expected a piece and its score'],
  ])('refuses %s', (_, json, message) => {
    expect(() => unigram(json)).toThrow(message);
  });
});

describe('whole words', () => {
  test('are known or not', () => {
    const model = new WordLevel({ type: 'WordLevel', vocab: vocabOf('[UNK]', 'ab'), unk_token: '[UNK]' });
    expect(cut(model, 'ab')).toEqual([['ab', 0, 2]]);
    expect(cut(model, 'abc')).toEqual([['[UNK]', 0, 3]]);
    const strict = new WordLevel({ type: 'WordLevel', vocab: vocabOf('ab'), unk_token: '[UNK]' });
    expect(() => strict.pieces('x')).toThrow('the vocabulary has neither "x" nor "[UNK]"');
  });
});

test('words are remembered without being mixed up', () => {
  const model = bpe({ vocab: vocabOf('a', 'b', 'ab'), merges: ['a b'] });
  for (let number = 0; number < 120_000; number += 1) {
    const word = number.toString(2).replace(/0/g, 'a').replace(/1/g, 'b');
    if (number % 40_000 < 3) expect(model.pieces(word).texts.join('')).toBe(word);
    else model.pieces(word);
  }
  expect(model.pieces('ab').texts).toEqual(['ab']);
});
