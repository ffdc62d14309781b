import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { TextOffsets } from '../../../ts/src/text/offsets.js';

describe('TextOffsets', () => {
  test('counts pairs once', () => {
    const offsets = new TextOffsets('a🍜b𠮷');
    expect(offsets.utf16Length).toBe(6);
    expect(offsets.codePointLength).toBe(4);
    expect([0, 1, 2, 3, 4].map((at) => offsets.toUtf16(at))).toEqual([0, 1, 3, 4, 6]);
    expect([0, 1, 3, 4, 6].map((at) => offsets.toCodePoint(at))).toEqual([0, 1, 2, 3, 4]);
  });

  test('an empty text has one offset', () => {
    const offsets = new TextOffsets('');
    expect(offsets.toUtf16(0)).toBe(0);
    expect(offsets.toCodePoint(0)).toBe(0);
    expect(() => offsets.toUtf16(1)).toThrow('expected an integer from 0 to 0 code points');
  });

  test('refuses offsets outside the text, fractions and half pairs', () => {
    const offsets = new TextOffsets('a🍜b');
    for (const wrong of [-1, 4, 0.5, Number.NaN]) {
      expect(() => offsets.toUtf16(wrong)).toThrow(/expected an integer from 0 to 3 code points/);
    }
    expect(() => offsets.toCodePoint(5)).toThrow('from 0 to 4 UTF-16 code units');
    expect(() => offsets.toCodePoint(2)).toThrow('between the halves of a surrogate pair');
  });

  test('agrees with an array of code points on random texts, both ways', () => {
    const random = new Random(11);
    const alphabet = ['a', '\ue000', '中', '🍜', '\u{10000}', '\u{10ffff}', '\ud83d', '\udc00'];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: random.below(20) }, () => alphabet[random.below(8)]).join('');
      const characters = Array.from(text);
      const offsets = new TextOffsets(text);
      expect(offsets.codePointLength).toBe(characters.length);
      for (let at = 0; at <= characters.length; at += 1) {
        const utf16 = characters.slice(0, at).join('').length;
        expect(offsets.toUtf16(at)).toBe(utf16);
        expect(offsets.toCodePoint(utf16)).toBe(at);
        expect(offsets.from('codePoint', at)).toBe(utf16);
        expect(offsets.from('utf16', utf16)).toBe(utf16);
      }
    }
  });
});
