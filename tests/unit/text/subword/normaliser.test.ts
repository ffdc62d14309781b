import { describe, expect, test, vi } from 'vitest';
import { DataError, UnsupportedError } from '../../../../ts/src/errors.js';
import { NormalisedText } from '../../../../ts/src/text/subword/normalisedText.js';
import { textNormaliser, type NormaliserInput } from '../../../../ts/src/text/subword/normaliser.js';
import { multilingualTexts } from './multilingual.js';

const normalise = (json: NormaliserInput | null, text: string): NormalisedText => textNormaliser(json)(NormalisedText.of(text));

/**
 * SentencePiece's map of six rules: ﬁ to fi, Ａ to A, カ and a voicing mark to ガ, e and an acute to
 * é, ① to 1, and the zero-width space to nothing.
 */
const CHARSMAP =
  'AAQAAACQAQBlPAMAzAACAIEdAAAIAACAgCACAIsFAAAAAACAoAUAAAEAAICCqAIAq5ADAOMMAgCCaAIAmQUAAAsAAICBBQAABQAAgKEFAAADAACAkfACABQA' +
  'AAAXAAAAFgAAABkAAAAYAAAAGwAAABoAAAAdAAAAHAAAAB8AAAAeAAAArMQCACAAAAAjAAAAIgAAACUAAAAkAAAAJwAAACYAAAApAAAAKAAAACsAAAAqAAAA' +
  'LQAAACwAAAAvAAAALgAAALwMAgAwAAAAMwAAADIAAAA1AAAANAAAADcAAAA2AAAAOQAAADgAAAA7AAAAOgAAAD0AAAA8AAAAPwAAAD4AAABBAAAAQAAAAEMA' +
  'AABCAAAARQAAAEQAAABHAAAARgAAAEkAAABIAAAASwAAAEoAAABNAAAATAAAAE8AAABOAAAAUQAAAFAAAABTAAAAUgAAAFUAAABUAAAAVwAAAFYAAABZAAAA' +
  'WAAAAFsAAABaAAAAXQAAAFwAAABfAAAAXgAAAGEAAABgAAAAYwAAAGIAAABlAAAAZAAAAGcAAABmAAAAaQAAAGgAAABrAAAAagAAAG0AAABsAAAAbwAAAG4A' +
  'AABxAAAAcAAAAHMAAAByAAAAdQAAAHQAAAB3AAAAdgAAAHkAAAB4AAAAewAAAHoAAAB9AAAAfAAAAH8AAAB+AAAAgQAAAIAAAACDAAAAggAAAIUAAACEAAAA' +
  '4gwAAOM8AACJAAAAiAAAAIsAAADvHAAAjQAAAIwAAACPAAAAjgAAAJEAAACQAAAAkwAAAJIAAACVAAAAlAAAAJcAAACWAAAAmQAAAJgAAACbAAAAmgAAAJ0A' +
  'AACcAAAAnwAAAJ4AAAChAAAAoAAAAKMAAACiAAAApQAAAKQAAACnAAAApgAAAKkAAACoAAAAqwAAAKoAAACtAAAArAAAAK8AAACuAAAAsQAAALAAAACzAAAA' +
  'sgAAALUAAAC0AAAAtwAAALYAAAC5AAAAuAAAALsAAAC6AAAAvQAAALwAAAC/AAAAvgAAAMEAAADAAAAAwwAAAMIAAADFAAAAxAAAAMcAAADGAAAAyQAAAMgA' +
  'AADLAAAAygAAAM0AAADMAAAAzwAAAM4AAADRAAAA0AAAANMAAADSAAAA1QAAANQAAADXAAAA1gAAANkAAADYAAAA2wAAANoAAADdAAAA3AAAAN8AAADeAAAA' +
  '4QAAAOAAAADjAAAA4gAAAOUAAADkAAAA5wAAAOYAAADpAAAA6AAAAOsAAADqAAAA7QAAAOwAAADvAAAA7gAAAPEAAADwAAAA8wAAAPIAAAD1AAAA9AAAAPcA' +
  'AAD2AAAA+QAAAPgAAAD7AAAA+gAAAP0AAAD8AAAA/wAAAP4AAAAAMQBBAGZpAMOpAOOCrAA=';

const bert = (rest: object): NormaliserInput => ({ type: 'BertNormalizer', ...rest });
const without = { clean_text: false, handle_chinese_chars: false, strip_accents: false, lowercase: false };

describe('texts', () => {
  test.each<[string, NormaliserInput | null, string, string]>([
    ['nothing', null, 'Ä', 'Ä'],
    ['NFC', { type: 'NFC' }, 'e\u0301 ﬁ', 'é ﬁ'],
    ['NFD', { type: 'NFD' }, 'é한', 'e\u0301\u1112\u1161\u11ab'],
    ['NFKC', { type: 'NFKC' }, 'ﬁ①ｶﾞ㍍', 'fi1ガメートル'],
    ['NFKD', { type: 'NFKD' }, 'ﬁé', 'fie\u0301'],
    ['jamo that make a syllable', { type: 'NFC' }, '\u1112\u1161\u11ab', '한'],
    ['half-width jamo that do', { type: 'NFKC' }, 'ﾡￂ', '가'],
    ['marks out of order', { type: 'NFD' }, 'a\u0301\u0323x', 'a\u0323\u0301x'],
    ['Lowercase', { type: 'Lowercase' }, 'ÄΣ ΟΔΟΣ', 'äσ οδοσ'],
    ['Lowercase that lengthens', { type: 'Lowercase' }, 'aİB', 'ai\u0307b'],
    ['StripAccents', { type: 'StripAccents' }, 'e\u0301 é \u0301x', 'e é x'],
    ['Nmt', { type: 'Nmt' }, 'a\u0001b\tc\u200bd\ufeffe\u00a0f▁', 'ab c d e\u00a0f '],
    ['ByteLevel', { type: 'ByteLevel' }, 'é \n', 'Ã©ĠĊ'],
    ['Strip', { type: 'Strip' }, ' \u3000a b\u0085 ', 'a b'],
    ['Strip on the left', { type: 'Strip', strip_right: false }, '  a ', 'a '],
    ['Strip of nothing but spaces', { type: 'Strip' }, '  \t', ''],
    ['Replace of a string', { type: 'Replace', pattern: { String: '.' }, content: '$&' }, 'a.b', 'a$&b'],
    ['Replace of a pattern', { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }, 'a \u0085 b', 'a b'],
    ['Prepend', { type: 'Prepend', prepend: '▁' }, 'a', '▁a'],
    ['Prepend to nothing', { type: 'Prepend', prepend: '▁' }, '', ''],
    ['BERT', bert({}), 'Ünï\u0000\tＸ 中文 ΣΑΣ\ufffd\u200d', 'uni ｘ  中  文  σασ'],
    ['BERT, case alone', bert({ ...without, lowercase: true }), 'Ü 中', 'ü 中'],
    ['BERT, accents by case', bert({ lowercase: false }), 'Üé', 'Üé'],
    ['BERT, accents alone', bert({ ...without, strip_accents: true }), 'Üé', 'Ue'],
    ['BERT, Han above U+FFFF', bert({ ...without, handle_chinese_chars: true }), 'a𠮷b', 'a 𠮷 b'],
    ['BERT keeps what is not assigned', bert({}), '\u0378', '\u0378'],
    ['a sequence', { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Lowercase' }] }, 'Éé', 'ee'],
    ['Precompiled', { type: 'Precompiled', precompiled_charsmap: CHARSMAP }, 'Ａ①\u200be\u0301 ﬁn', 'A1é fin'],
    // SentencePiece looks up short clusters as a whole, and then takes the first rule that fits their start.
    ['Precompiled, a mark too many', { type: 'Precompiled', precompiled_charsmap: CHARSMAP }, 'ﬁ\u0301x e\u0301\u0302', 'fix é'],
    ['Precompiled, a long cluster', { type: 'Precompiled', precompiled_charsmap: CHARSMAP }, 'カ\u3099', 'カ\u3099'],
  ])('%s', (_, json, text, expected) => {
    expect(normalise(json, text).text).toBe(expected);
  });
});

describe('origins', () => {
  const spans = (text: NormalisedText): [number, number][] => Array.from(text.text, (_, at) => text.span(at, at + 1));

  test.each<[string, NormaliserInput, string, [number, number][]]>([
    ['a composed letter stands for both', { type: 'NFC' }, 'xe\u0301y', [[0, 1], [1, 3], [3, 4]]],
    ['both parts of a letter stand for it', { type: 'NFD' }, 'éx', [[0, 1], [0, 1], [1, 2]]],
    ['a voiced Kana for the letter and its mark', { type: 'NFKC' }, 'aｶﾞb', [[0, 1], [1, 3], [3, 4]]],
    ['a letter for the marks that it lost', { type: 'StripAccents' }, 'ae\u0301b', [[0, 1], [1, 3], [3, 4]]],
    ['a lower case letter for its capital', { type: 'Lowercase' }, 'aİb', [[0, 1], [1, 2], [1, 2], [2, 3]]],
    ['spaces around Han for the character', bert({}), 'a中', [[0, 1], [1, 2], [1, 2], [1, 2]]],
    ['bytes for their character', { type: 'ByteLevel' }, 'aé', [[0, 1], [1, 2], [1, 2]]],
    ['what a rule made for what it fitted', { type: 'Precompiled', precompiled_charsmap: CHARSMAP }, 'xﬁ\u200by', [[0, 1], [1, 2], [1, 2], [3, 4]]],
  ])('%s', (_, json, text, expected) => {
    expect(spans(normalise(json, text))).toEqual(expected);
  });
});

test.each(['NFC', 'NFD', 'NFKC', 'NFKD'] as const)('%s is that of the host, and each of its parts comes from its span', (type) => {
  for (const text of multilingualTexts(300)) {
    const normalised = normalise({ type }, text);
    expect(normalised.text).toBe(text.normalize(type));
    let at = 0;
    while (at < normalised.text.length) {
      const [start, end] = normalised.span(at, at + 1);
      let to = at + 1;
      while (to < normalised.text.length && normalised.span(to, to + 1)[0] < end) to += 1;
      expect(text.slice(start, normalised.span(to - 1, to)[1]).normalize(type)).toBe(normalised.text.slice(at, to));
      at = to;
    }
  }
});

test('long runs take time linear in their length', () => {
  const text = `a${' '.repeat(200_000)}b${'e\u0301'.repeat(100_000)}${'\u0301'.repeat(100_000)}c`;
  const started = performance.now();
  for (const type of ['Strip', 'NFC', 'NFKD', 'StripAccents', 'BertNormalizer', 'Nmt', 'Lowercase', 'ByteLevel'] as const) normalise({ type }, text);
  expect(performance.now() - started).toBeLessThan(15_000);
});

describe('errors', () => {
  test('what is no normaliser', () => {
    expect(() => textNormaliser({ type: 'Strip', strip_left: 1 } as never)).toThrow('option normaliser.strip_left: ');
    expect(() => textNormaliser({ type: 'Foo' } as never)).toThrow('option normaliser.type: ');
  });

  test('a pattern that JavaScript cannot have', () => {
    expect(() => normalise({ type: 'Replace', pattern: { Regex: '(' }, content: '' }, '')).toThrow(UnsupportedError);
    expect(() => normalise({ type: 'Replace', pattern: { Regex: '(' }, content: '' }, '')).toThrow('the pattern "(" cannot be had in JavaScript');
  });

  test.each(['no base64!', '', 'AAAA', 'AAAAAAAA', CHARSMAP.slice(0, 40)])('a character map that is none: %j', (map) => {
    expect(() => normalise({ type: 'Precompiled', precompiled_charsmap: map }, '')).toThrow(DataError);
  });

  test('a host without Intl.Segmenter', () => {
    vi.stubGlobal('Intl', {});
    expect(() => normalise({ type: 'Precompiled', precompiled_charsmap: CHARSMAP }, '')).toThrow('needs Intl.Segmenter');
    vi.unstubAllGlobals();
  });
});
