import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import type { TokenSpan } from '../../../ts/src/text/entity.js';
import { segmentTokens, type SegmentOptions } from '../../../ts/src/text/segment.js';
import { tokenizerFromConfig, type RuleTokenizerConfig } from '../../../ts/src/text/ruleTokenizer.js';

function sentences(
  text: string,
  options: SegmentOptions = {},
  config: RuleTokenizerConfig = { type: 'default' },
): string[] {
  const tokens = tokenizerFromConfig(config).tokenize(text);
  return segmentTokens(text, tokens, options).map(({ start, end }) => text.slice(start, end));
}

describe('sentences', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['white space', ' \n\n ', []],
    ['one without an end', 'lunch with Ana', ['lunch with Ana']],
    ['full stops', 'One. Two! Three? Four', ['One.', 'Two!', 'Three?', 'Four']],
    ['Chinese', '你好。明天见！好吗？好', ['你好。', '明天见！', '好吗？', '好']],
    ['repeated marks', '什么？！不行。。。走', ['什么？！', '不行。。。', '走']],
    ['ASCII marks in Chinese', '好!走?行', ['好!', '走?', '行']],
    ['ASCII marks inside a word', 'ok!yes wh?t', ['ok!yes wh?t']],
    ['Arabic', 'كيف حالك؟ بخير', ['كيف حالك؟', 'بخير']],
    ['Hindi', 'नमस्ते। कैसे हो', ['नमस्ते।', 'कैसे हो']],
    ['newlines', 'one\ntwo\r\n\r\nthree\u2028four', ['one', 'two', 'three', 'four']],
    ['numbers and addresses', 'Pay 3.50 at www.example.com now', ['Pay 3.50 at www.example.com now']],
    ['a lower-case word behind', 'at 5 p.m. tomorrow etc. and so on', ['at 5 p.m. tomorrow etc. and so on']],
    ['titles', 'Meet Dr. Wu and Mrs. Li. Then go', ['Meet Dr. Wu and Mrs. Li.', 'Then go']],
    ['initials', 'J. R. Smith came. He left', ['J. R. Smith came.', 'He left']],
    ['closing quotes', '"Go." He went. “Stop!” (Yes.) End', ['"Go."', 'He went.', '“Stop!”', '(Yes.)', 'End']],
    ['closing quotes in Chinese', '他说：“走。”我走了', ['他说：“走。”', '我走了']],
    ['a word that is a title elsewhere', 'They voted no. Then left', ['They voted no. Then left']],
    ['ellipsis', 'Well… Maybe', ['Well…', 'Maybe']],
    ['dots inside a word', 'a.b.c', ['a.b.c']],
  ])('%s', (_, text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  test('work with tokens that keep their punctuation', () => {
    expect(sentences('See Dr. Wu. Go "home." Now', {}, { type: 'whitespace' })).toEqual([
      'See Dr. Wu.',
      'Go "home."',
      'Now',
    ]);
  });
});

describe('long sentences', () => {
  test('are cut behind a comma in the second half of the room', () => {
    expect(sentences('a b c d, e f g h', { maxTokens: 6 })).toEqual(['a b c d,', 'e f g h']);
    expect(sentences('a, b c d e f g', { maxTokens: 6 })).toEqual(['a, b c d e', 'f g']);
  });

  test('are else cut at white space, else anywhere', () => {
    expect(sentences('王芳 李雷和韩梅', { maxTokens: 3 })).toEqual(['王芳', '李雷和', '韩梅']);
    expect(sentences('一二三四五', { maxTokens: 2 })).toEqual(['一二', '三四', '五']);
    expect(sentences('一二三', { maxTokens: 1 })).toEqual(['一', '二', '三']);
  });

  test('are not cut inside a span, which may exceed the room', () => {
    const spans: TokenSpan[] = [{ type: 'X', start: 1, end: 4 }];
    expect(sentences('一二三四五', { maxTokens: 2, spans })).toEqual(['一', '二三四', '五']);
  });

  test('a sentence end inside a span is none', () => {
    const spans: TokenSpan[] = [{ type: 'X', start: 0, end: 3 }];
    expect(sentences('Yahoo! Inc. Then', { spans })).toEqual(['Yahoo! Inc.', 'Then']);
    expect(sentences('Yahoo! Inc. Then')).toEqual(['Yahoo!', 'Inc.', 'Then']);
  });
});

test('every token is in exactly one segment, and none is too long', () => {
  const random = new Random(3);
  const alphabet = ['a', 'Bo', 'Dr', '中', '。', '.', '!', ',', ' ', ' ', '\n', '"', '🍜', '3'];
  const tokenizer = tokenizerFromConfig({ type: 'default' });
  for (let round = 0; round < 2000; round += 1) {
    const length = random.below(40);
    const text = Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('');
    const tokens = tokenizer.tokenize(text);
    const maxTokens = 1 + random.below(8);
    const spans: TokenSpan[] = [];
    for (let at = random.below(4); at < tokens.length; ) {
      const end = Math.min(tokens.length, at + 1 + random.below(4));
      spans.push({ type: 'X', start: at, end });
      at = end + random.below(5);
    }
    let next = 0;
    for (const { start, end, tokenStart, tokenEnd } of segmentTokens(text, tokens, { maxTokens, spans })) {
      expect(tokenStart).toBe(next);
      expect(tokenEnd).toBeGreaterThan(tokenStart);
      expect(start).toBe(tokens[tokenStart]?.start);
      expect(end).toBe(tokens[tokenEnd - 1]?.end);
      expect(spans.some((span) => span.start < tokenStart && tokenStart < span.end)).toBe(false);
      const longest = Math.max(maxTokens, ...spans.map((span) => span.end - span.start));
      expect(tokenEnd - tokenStart).toBeLessThanOrEqual(longest);
      next = tokenEnd;
    }
    expect(next).toBe(tokens.length);
  }
});

test('refuses a bad maximum', () => {
  for (const maxTokens of [0, -1, 1.5, Number.NaN]) {
    expect(() => segmentTokens('a', [], { maxTokens })).toThrow(
      'option maxTokens: expected an integer of at least 1',
    );
  }
});
