import { describe, expect, test } from 'vitest';
import {
  characterClass,
  DIGIT,
  JOINER,
  LETTER,
  MARK,
  OTHER,
  SPACE,
} from '../../../ts/src/text/characterClass.js';

/** Han and Kana, unassigned places in their blocks included. */
const HAN_AND_KANA: readonly (readonly [number, number])[] = [
  [0x2e80, 0x2fdf],
  [0x3005, 0x3007],
  [0x3021, 0x3029],
  [0x3031, 0x303b],
  [0x3041, 0x3096],
  [0x309b, 0x30ff],
  [0x31f0, 0x31ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0xff66, 0xff9f],
  [0x16fe2, 0x16fe3],
  [0x16ff2, 0x16ff6],
  [0x1aff0, 0x1b16f],
  [0x20000, 0x3fffd],
];

/** The class of a code point by the engine's own properties. */
function classByEngine(codePoint: number): number {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return OTHER;
  const character = String.fromCodePoint(codePoint);
  if ([0xad, 0x200c, 0x200d, 0x2060].includes(codePoint)) return JOINER;
  const modifier = codePoint >= 0x1f3fb && codePoint <= 0x1f3ff;
  const tag = codePoint >= 0xe0020 && codePoint <= 0xe007f;
  if (modifier || tag || /\p{M}/u.test(character)) return MARK;
  if (/[\p{White_Space}\p{Cc}\p{Cf}]/u.test(character)) return SPACE;
  if (HAN_AND_KANA.some(([from, to]) => from <= codePoint && codePoint <= to)) return OTHER;
  if (/\p{L}/u.test(character)) return LETTER;
  return /\p{N}/u.test(character) ? DIGIT : OTHER;
}

describe('characterClass', () => {
  const unicode = Number.parseFloat(process.versions['unicode'] ?? '0');

  test(`agrees with the engine (Unicode ${unicode}) on all code points that both know`, () => {
    const wrong: string[] = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const engine = classByEngine(codePoint);
      const frozen = characterClass(codePoint);
      if (engine === frozen) continue;
      // The table is of Unicode 17.0: an older engine misses characters, a newer one has more.
      if (unicode < 17 && /\p{Cn}/u.test(String.fromCodePoint(codePoint))) continue;
      if (unicode > 17 && frozen === OTHER) continue;
      wrong.push(`U+${codePoint.toString(16)}: ${frozen}, engine ${engine}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each([
    ['a', LETTER],
    ['é', LETTER],
    ['ß', LETTER],
    ['я', LETTER],
    ['ع', LETTER],
    ['한', LETTER],
    ['ไ', LETTER],
    ['𝒜', LETTER],
    ['中', OTHER],
    ['𠮷', OTHER],
    ['々', OTHER],
    ['あ', OTHER],
    ['ー', OTHER],
    ['ｶ', OTHER],
    ['0', DIGIT],
    ['٣', DIGIT],
    ['½', DIGIT],
    ['\u0301', MARK],
    ['\ufe0f', MARK],
    ['\u{1f3fd}', MARK],
    [' ', SPACE],
    ['\u3000', SPACE],
    ['\u200f', SPACE],
    ['\ufeff', SPACE],
    ['\u200d', JOINER],
    ['.', OTHER],
    ['。', OTHER],
    ['🍜', OTHER],
    ['\ud800', OTHER],
    ['\u{10ffff}', OTHER],
  ])('%j', (character, expected) => {
    expect(characterClass(character.codePointAt(0) as number)).toBe(expected);
  });
});
