import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { NormalisedText } from '../../../../ts/src/text/subword/normalisedText.js';
import { PRE_TOKENIZER, preTokenizerFrom, type PreTokenizerInput } from '../../../../ts/src/text/subword/preTokenizer.js';
import { multilingualTexts } from './multilingual.js';

const cut = (json: PreTokenizerInput | null, text: string): NormalisedText[] =>
  preTokenizerFrom(json === null ? null : v.parse(PRE_TOKENIZER, json))(NormalisedText.of(text));

const vowels = (behavior: 'Removed' | 'Isolated' | 'Contiguous' | 'MergedWithPrevious' | 'MergedWithNext', invert = false): PreTokenizerInput => ({
  type: 'Split', pattern: { Regex: '[aeiou]' }, behavior, invert,
});

describe('words', () => {
  test.each<[string, PreTokenizerInput | null, string, string[]]>([
    ['nothing', null, 'a b', ['a b']],
    ['ByteLevel', { type: 'ByteLevel' }, "it's  12 é\n", ['it', "'s", 'Ġ', 'Ġ12', 'ĠÃ©', 'Ċ']],
    ['ByteLevel, a space before', { type: 'ByteLevel', add_prefix_space: true }, 'a b', ['Ġa', 'Ġb']],
    ['ByteLevel, a space before that is there', { type: 'ByteLevel', add_prefix_space: true }, ' a', ['Ġa']],
    ['ByteLevel, whole', { type: 'ByteLevel', use_regex: false }, 'a b', ['aĠb']],
    ['ByteLevel, a lone surrogate', { type: 'ByteLevel' }, 'a\ud83d', ['a', 'ï¿½']],
    ['Metaspace', { type: 'Metaspace' }, 'a  b c', ['▁a', '▁', '▁b', '▁c']],
    ['Metaspace, a space that is there', { type: 'Metaspace' }, ' a', ['▁a']],
    ['Metaspace, never', { type: 'Metaspace', prepend_scheme: 'never' }, 'a b', ['a', '▁b']],
    ['Metaspace as older files have it', { type: 'Metaspace', add_prefix_space: false }, 'a b', ['a', '▁b']],
    ['Metaspace, whole', { type: 'Metaspace', split: false }, 'a b', ['▁a▁b']],
    ['Metaspace, another sign', { type: 'Metaspace', replacement: '_' }, 'a b', ['_a', '_b']],
    ['Metaspace, a sign above U+FFFF', { type: 'Metaspace', replacement: '𝄞' }, 'a b', ['𝄞a', '𝄞b']],
    ['Metaspace of nothing', { type: 'Metaspace' }, '', ['']],
    ['BERT', { type: 'BertPreTokenizer' }, "Hey, it's 5€ 王!", ['Hey', ',', 'it', "'", 's', '5€', '王', '!']],
    ['BERT, ASCII symbols', { type: 'BertPreTokenizer' }, 'a+b=$c', ['a', '+', 'b', '=', '$', 'c']],
    ['Whitespace', { type: 'Whitespace' }, "Hey, it's 5€ नमस्ते!?", ['Hey', ',', 'it', "'", 's', '5', '€', 'नमस्ते', '!?']],
    ['WhitespaceSplit', { type: 'WhitespaceSplit' }, ' a,b\u3000c\u0085d\ufeffe ', ['a,b', 'c', 'd\ufeffe']],
    ['Punctuation', { type: 'Punctuation' }, 'a?!b.', ['a', '?', '!', 'b', '.']],
    ['Punctuation, run by run', { type: 'Punctuation', behavior: 'Contiguous' }, 'a?!b.', ['a', '?!', 'b', '.']],
    ['Digits', { type: 'Digits' }, 'a12²b', ['a', '12²', 'b']],
    ['Digits, each', { type: 'Digits', individual_digits: true }, 'a12²', ['a', '1', '2', '²']],
    ['CharDelimiterSplit', { type: 'CharDelimiterSplit', delimiter: '-' }, 'a-b--c', ['a', 'b', 'c']],
    ['FixedLength', { type: 'FixedLength', length: 2 }, 'a👍bcd', ['a👍', 'bc', 'd']],
    ['Split, removed', vowels('Removed'), 'xaeyzo', ['x', 'yz']],
    ['Split, removed, inverted', vowels('Removed', true), 'xaeyzo', ['a', 'e', 'o']],
    ['Split, isolated', vowels('Isolated'), 'xaeyzo', ['x', 'a', 'e', 'yz', 'o']],
    ['Split, contiguous', vowels('Contiguous'), 'xaeyzo', ['x', 'ae', 'yz', 'o']],
    ['Split, with what is before', vowels('MergedWithPrevious'), 'xaeyzo', ['xa', 'e', 'yzo']],
    ['Split, with what is behind', vowels('MergedWithNext'), 'xaeyzo', ['x', 'a', 'eyz', 'o']],
    ['Split at what matches nothing', { type: 'Split', pattern: { Regex: 'x*' }, behavior: 'Isolated' }, 'axb', ['a', 'x', 'b']],
    ['a sequence', { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Digits' }] }, 'a1 b', ['a', '1', 'b']],
    ['tokens of this library', { type: 'Ostinato', tokenizer: { type: 'default' } }, 'B2 中文!', ['B', '2', '中', '文', '!']],
    ['its characters, with all between', { type: 'Ostinato', tokenizer: { type: 'character' }, keep_gaps: true }, ' e\u0301 \u200db ', [' ', 'e\u0301', ' ', '\u200d', 'b', ' ']],
  ])('%s', (_, json, text, expected) => {
    expect(cut(json, text).map((word) => word.text)).toEqual(expected);
  });

  test('their spans are in the original text', () => {
    expect(cut({ type: 'Metaspace' }, 'a  bé').map((word) => word.span())).toEqual([[0, 1], [1, 2], [2, 5]]);
    expect(cut({ type: 'ByteLevel' }, 'é 👍x').map((word) => word.span())).toEqual([[0, 1], [1, 4], [4, 5]]);
  });

  test('`first` begins a word at the start of the text alone', () => {
    const first = preTokenizerFrom(v.parse(PRE_TOKENIZER, { type: 'Metaspace', prepend_scheme: 'first' }));
    const text = NormalisedText.of('ab');
    expect(first(text.slice(0, 1)).map((word) => word.text)).toEqual(['▁a']);
    expect(first(text.slice(1)).map((word) => word.text)).toEqual(['b']);
  });
});

test('nothing that is not white space is lost, and nothing is twice', () => {
  const kinds: PreTokenizerInput[] = [
    { type: 'ByteLevel' }, { type: 'Metaspace' }, { type: 'BertPreTokenizer' }, { type: 'Whitespace' }, { type: 'WhitespaceSplit' },
    { type: 'Punctuation' }, { type: 'Digits' }, { type: 'FixedLength', length: 3 }, vowels('Isolated'), vowels('MergedWithNext'),
    { type: 'Ostinato', tokenizer: { type: 'character' }, keep_gaps: true },
  ];
  for (const text of multilingualTexts(300)) {
    for (const kind of kinds) {
      let at = 0;
      for (const word of cut(kind, text)) {
        const [start, end] = word.span();
        expect(start).toBeGreaterThanOrEqual(at);
        expect(text.slice(at, start)).toMatch(/^\s*$/);
        at = end;
      }
      expect(text.slice(at)).toMatch(/^\s*$/);
    }
  }
});

test('a long text takes time linear in its length', () => {
  const text = `${' '.repeat(200_000)}${'é'.repeat(200_000)}${'!'.repeat(200_000)}`;
  const started = performance.now();
  for (const type of ['ByteLevel', 'Metaspace', 'BertPreTokenizer', 'Whitespace'] as const) cut({ type }, text);
  expect(cut({ type: 'Ostinato', tokenizer: { type: 'character' }, keep_gaps: true }, text)).toHaveLength(600_000);
  expect(performance.now() - started).toBeLessThan(10_000);
});
