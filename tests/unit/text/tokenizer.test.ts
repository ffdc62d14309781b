import { afterEach, describe, expect, test, vi } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { UnsupportedError, UsageError } from '../../../ts/src/errors.js';
import { tokenizerFromConfig, type RuleTokenizerConfig } from '../../../ts/src/text/ruleTokenizer.js';

const words = (config: RuleTokenizerConfig, text: string): string[] =>
  tokenizerFromConfig(config)
    .tokenize(text)
    .map((token) => token.text);

describe('default tokenizer', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['white space alone', ' \t\r\n\u3000\u00a0', []],
    ['words and punctuation', "Don't, stop!", ['Don', "'", 't', ',', 'stop', '!']],
    ['letters and digits', 'B2B at 3pm', ['B', '2', 'B', 'at', '3', 'pm']],
    ['underscore and mail', 'a_b@c.de', ['a', '_', 'b', '@', 'c', '.', 'de']],
    ['Chinese', '明天3点和王芳', ['明', '天', '3', '点', '和', '王', '芳']],
    ['Chinese with Latin', '用iPhone15。', ['用', 'iPhone', '15', '。']],
    ['Han above U+FFFF', '𠮷野家', ['𠮷', '野', '家']],
    ['Japanese', 'カフェで会う', ['カ', 'フ', 'ェ', 'で', '会', 'う']],
    ['long vowels and iteration marks', 'コーヒー人々', ['コ', 'ー', 'ヒ', 'ー', '人', '々']],
    ['half-width Kana with a voicing mark', 'ｶﾞｷ', ['ｶﾞ', 'ｷ']],
    ['Kana with a combining voicing mark', 'か\u3099く', ['か\u3099', 'く']],
    ['Korean', '내일 김민수와', ['내일', '김민수와']],
    ['decomposed Korean', '한국'.normalize('NFD'), ['한국'.normalize('NFD')]],
    ['Arabic with vowel signs', 'مُحَمَّد ٣', ['مُحَمَّد', '٣']],
    ['Persian with a zero-width non-joiner', 'می\u200cخواهم', ['می\u200cخواهم']],
    ['a joiner at the end of a word', 'abc\u200d d', ['abc', 'd']],
    ['a right-to-left mark', 'שלום\u200f!', ['שלום', '!']],
    ['Hindi', 'नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
    ['combining accents', 'cafe\u0301s', ['cafe\u0301s']],
    ['emoji', 'ok👍👍🏽', ['ok', '👍', '👍🏽']],
    ['a family, a flag and a keycap', '👨‍👩‍👧🇩🇪🇫🇷1️⃣', ['👨‍👩‍👧', '🇩🇪', '🇫🇷', '1️⃣']],
    ['a half flag', '🇩x', ['🇩', 'x']],
    ['flags from the first and the last letter', '🇦🇿🇿🇦', ['🇦🇿', '🇿🇦']],
    ['a rainbow flag', '🏳️‍🌈', ['🏳️‍🌈']],
    ['a tag flag', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', ['🏴󠁧󠁢󠁳󠁣󠁴󠁿']],
    ['lone surrogates', 'a\ud83dz\udc00', ['a', '\ud83d', 'z', '\udc00']],
    ['an ideographic variation', '葛\u{e0100}飾', ['葛\u{e0100}', '飾']],
    ['joiner between ideographs', '中\u200d文', ['中\u200d', '文']],
    ['a mark without a base', ' \u0301a', ['\u0301', 'a']],
    ['soft hyphen', 'Donau\u00addampf', ['Donau\u00addampf']],
    ['control characters', 'a\u0000b', ['a', 'b']],
  ])('%s', (_, text, expected) => {
    expect(words({ type: 'default' }, text)).toEqual(expected);
  });

  test('offsets are UTF-16 and end-exclusive', () => {
    expect(tokenizerFromConfig({ type: 'default' }).tokenize('🍜 mit Ana')).toEqual([
      { text: '🍜', start: 0, end: 2 },
      { text: 'mit', start: 3, end: 6 },
      { text: 'Ana', start: 7, end: 10 },
    ]);
  });
});

describe('character tokenizer', () => {
  test.each<[string, string, string[]]>([
    ['words', 'ab 1', ['a', 'b', '1']],
    ['combining marks', 'e\u0301a', ['e\u0301', 'a']],
    ['emoji', '👍🏽👨‍👩‍👧🇩🇪', ['👍🏽', '👨‍👩‍👧', '🇩🇪']],
    ['Hangul jamo', '한국'.normalize('NFD'), ['한'.normalize('NFD'), '국'.normalize('NFD')]],
    ['Arabic', 'مُحَ', ['مُ', 'حَ']],
    ['a conjunct with a joiner', 'क्\u200dष', ['क्\u200dष']],
    ['Thai', 'น้ำ', ['น้ำ']],
    ['a joiner with a pictograph on one side', 'a\u200d🍜\u200db', ['a\u200d', '🍜\u200d', 'b']],
    ['a non-joiner between pictographs', '👩\u200c👩', ['👩\u200c', '👩']],
    ['joined arrows and symbols', '\u2190\u200d\u2bff\u{1f000}\u200d\u{1faff}', ['\u2190\u200d\u2bff', '\u{1f000}\u200d\u{1faff}']],
    ['the borders of the Hangul vowels and trailers', '\u115f\u1160\u1100\u11ff\u1200', ['\u115f\u1160', '\u1100\u11ff', '\u1200']],
    ['the same among the extended ones', '\u1100\ud7b0\ud7fb\ud7fc', ['\u1100\ud7b0\ud7fb', '\ud7fc']],
    ['Chinese', '重庆，', ['重', '庆', '，']],
  ])('%s', (_, text, expected) => {
    expect(words({ type: 'character' }, text)).toEqual(expected);
  });
});

describe('whitespace tokenizer', () => {
  test('splits at the white space of Unicode alone', () => {
    expect(words({ type: 'whitespace' }, ' a,b\u3000c\u0085d\ufeffe\r\n')).toEqual([
      'a,b',
      'c',
      'd\ufeffe',
    ]);
  });
});

describe('segmenter tokenizer', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test.each([undefined, {}])('needs Intl.Segmenter (Intl is %j)', (intl) => {
    vi.stubGlobal('Intl', intl);
    expect(() => tokenizerFromConfig({ type: 'segmenter', locale: 'zh' })).toThrow(UnsupportedError);
    expect(words({ type: 'default' }, 'a 中')).toEqual(['a', '中']);
  });

  test('gives words without the space between them', () => {
    const tokenizer = tokenizerFromConfig({ type: 'segmenter', locale: 'en' });
    expect(tokenizer.tokenize('Hi, Ana')).toEqual([
      { text: 'Hi', start: 0, end: 2 },
      { text: ',', start: 2, end: 3 },
      { text: 'Ana', start: 4, end: 7 },
    ]);
    expect(words({ type: 'segmenter', locale: 'zh' }, '今天 天气').join('')).toBe('今天天气');
  });
});

test('every tokenizer covers a text: ascending, disjoint, nothing visible left out', () => {
  const random = new Random(5);
  const alphabet = [
    ...'aZé1٣½ \n.,-_\'"（。中𠮷あー한ع\u0301\u064e\u200d\u200c\u00ad\ufe0f\u{1f3fd}👩🍜🇩',
    '\ud83d',
    '\udc00',
    '\u3000',
  ];
  const configs: RuleTokenizerConfig[] = [
    { type: 'default' },
    { type: 'character' },
    { type: 'whitespace' },
    { type: 'segmenter', locale: 'ja' },
  ];
  for (let round = 0; round < 2000; round += 1) {
    const length = random.below(12);
    const text = Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('');
    for (const config of configs) {
      let at = 0;
      for (const { text: token, start, end } of tokenizerFromConfig(config).tokenize(text)) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(text.slice(start, end)).toBe(token);
        expect(text.slice(at, start)).toMatch(/^[\s\u200c\u200d\u00ad]*$/);
        at = end;
      }
      expect(text.slice(at)).toMatch(/^[\s\u200c\u200d\u00ad]*$/);
    }
  }
});

test('a long text takes time linear in its length', () => {
  const text = 'e\u0301'.repeat(200_000) + ' 中文word '.repeat(50_000);
  const started = performance.now();
  expect(tokenizerFromConfig({ type: 'default' }).tokenize(text)).toHaveLength(150_001);
  expect(performance.now() - started).toBeLessThan(5000);
});

describe('tokenizerFromConfig', () => {
  test.each<RuleTokenizerConfig>([
    { type: 'default' },
    { type: 'character' },
    { type: 'whitespace' },
    { type: 'segmenter', locale: 'ja' },
  ])('$type survives JSON', (config) => {
    const again = tokenizerFromConfig(
      JSON.parse(JSON.stringify(tokenizerFromConfig(config).config)) as RuleTokenizerConfig,
    );
    expect(again.config).toEqual(config);
    expect(again.tokenize('Ana 王芳')).toEqual(tokenizerFromConfig(config).tokenize('Ana 王芳'));
  });

  test('refuses what it does not know', () => {
    expect(() => tokenizerFromConfig({ type: 'bpe' } as unknown as RuleTokenizerConfig)).toThrow(
      'option tokenizer.type: expected default, character, whitespace, segmenter or subword, given "bpe"',
    );
    expect(() => tokenizerFromConfig({ type: 'segmenter', locale: 'no such locale' })).toThrow(
      UsageError,
    );
    for (const locale of ['', undefined, 5] as unknown as string[]) {
      expect(() => tokenizerFromConfig({ type: 'segmenter', locale })).toThrow('option tokenizer.locale');
    }
  });
});
