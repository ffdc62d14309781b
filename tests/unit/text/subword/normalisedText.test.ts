import { describe, expect, test } from 'vitest';
import { Random } from '../../../../ts/src/data/random.js';
import { NormalisedText, type Edit } from '../../../../ts/src/text/subword/normalisedText.js';

/** The span of every code unit. */
const spans = (text: NormalisedText): [number, number][] => Array.from(text.text, (_, at) => text.span(at, at + 1));

describe('NormalisedText', () => {
  test('is its own origin at first', () => {
    const text = NormalisedText.of('abc');
    expect(spans(text)).toEqual([[0, 1], [1, 2], [2, 3]]);
    expect(text.span()).toEqual([0, 3]);
    expect(text.slice(1).span()).toEqual([1, 3]);
    expect(text.slice(1, 2).text).toBe('b');
  });

  test('what was replaced as one stands as one for all that it replaced', () => {
    const text = NormalisedText.of('a\u0301bﬁ').edited([
      { start: 0, end: 2, text: 'á' },
      { start: 3, end: 4, text: 'fi' },
    ]);
    expect(text.text).toBe('ábfi');
    expect(spans(text)).toEqual([[0, 2], [2, 3], [3, 4], [3, 4]]);
    expect(text.span(1, 4)).toEqual([2, 4]);
  });

  test('what was inserted stands for nothing, and what was removed for no other', () => {
    const text = NormalisedText.of('abc').edited([
      { start: 0, end: 0, text: '▁' },
      { start: 1, end: 2, text: '' },
    ]);
    expect(text.text).toBe('▁ac');
    expect(spans(text)).toEqual([[0, 0], [0, 1], [2, 3]]);
    expect(text.prefixed('_').span(0, 1)).toEqual([0, 0]);
  });

  test('rewriting twice leads back to the original, also from a part', () => {
    const once = NormalisedText.of('xＡＢ  y').replace(/[ＡＢ]/g, ([letter]) => letter.normalize('NFKC'));
    const part = once.slice(1, 5).replace(/ +/g, () => '_');
    expect(part.text).toBe('AB_');
    expect(spans(part)).toEqual([[1, 2], [2, 3], [3, 5]]);
    expect(part.recoded('ab-').span(2, 3)).toEqual([3, 5]);
  });

  test('empty parts are where they are', () => {
    const text = NormalisedText.of('abc').prefixed('_');
    expect(text.slice(2, 2).span()).toEqual([1, 1]);
    expect(text.slice(4).span()).toEqual([3, 3]);
    expect(NormalisedText.of('').span()).toEqual([0, 0]);
    expect(NormalisedText.of('ab').edited([{ start: 0, end: 2, text: '' }]).text).toBe('');
  });

  test('without a change it is the same text', () => {
    const text = NormalisedText.of('abc');
    expect(text.edited([])).toBe(text);
    expect(text.replace(/b/g, () => 'b')).toBe(text);
    expect(text.slice(0)).toBe(text);
    expect(text.recoded('abc')).toBe(text);
  });
});

test('whatever is rewritten, spans ascend, stay inside, and those of kept characters hold them', () => {
  const random = new Random(3);
  for (let round = 0; round < 2000; round += 1) {
    const original = Array.from({ length: random.below(12) }, () => 'abcde'.charAt(random.below(5))).join('');
    let text = NormalisedText.of(original);
    for (let step = random.below(4); step > 0; step -= 1) {
      const edits: Edit[] = [];
      for (let at = 0; at <= text.text.length; ) {
        const end = Math.min(text.text.length, at + random.below(3));
        if (random.below(3) === 0) edits.push({ start: at, end, text: 'XYZ'.slice(0, random.below(4)) });
        at = Math.max(end, at) + 1;
      }
      text = text.edited(edits);
      const start = random.below(2);
      text = text.slice(Math.min(start, text.text.length), text.text.length);
    }
    let least = 0;
    for (const [at, [start, end]] of spans(text).entries()) {
      expect(start).toBeGreaterThanOrEqual(least);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(original.length);
      if (/[a-e]/.test(text.text.charAt(at))) expect(original.slice(start, end)).toBe(text.text.charAt(at));
      least = start;
    }
  }
});
