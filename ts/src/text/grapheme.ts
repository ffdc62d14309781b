/**
 * Characters as people count them: the extended grapheme clusters of Unicode 17.0 (UAX #29), found by
 * tables of our own, since those of hosts differ. No cluster is cut, but a few that are rare are joined:
 * a sign that stands alone to what comes before it, and any letter, rather than consonants alone, to a
 * sign that makes it part of a conjunct. White space and line breaks stay by themselves.
 */

import { characterClass, LETTER, MARK, OTHER, SPACE } from './characterClass.js';
import { codePointAt, widthOf } from './codePoint.js';

/** End of the character at `start`, be it white space, with what is drawn as part of it. */
export function graphemeEnd(text: string, start: number): number {
  let base = codePointAt(text, start);
  let at = start + widthOf(base);
  let next = codePointAt(text, at);
  const take = (): void => {
    at += widthOf(next);
    next = codePointAt(text, at);
  };
  const takeBase = (): void => {
    base = next;
    take();
  };
  while (isPrepended(base) && stands(next)) takeBase();
  while (isHangulLeader(base) && (isHangulLeader(next) || isHangulSyllable(next))) takeBase();
  while (isKiratRaiVowel(base) && isKiratRaiVowel(next)) takeBase();
  // Two regional indicators are a flag.
  if (isRegionalIndicator(base) && isRegionalIndicator(next)) take();
  let linked = false;
  for (;;) {
    const kind = characterClass(next);
    if (kind === MARK || isHangulExtender(next) || EXTENDERS.has(next)) {
      linked ||= LINKERS.has(next);
      take();
    } else if (next === ZERO_WIDTH_NON_JOINER) {
      linked = false;
      take();
    } else if (next === ZERO_WIDTH_JOINER) {
      take();
      // Between pictographs it makes one of them: family, profession, flag.
      if (isPictograph(base) && isPictograph(next)) takeBase();
    } else if (linked && kind === LETTER && characterClass(base) === LETTER && !isPrepended(next) && !isHangulLeader(next)) {
      linked = false;
      takeBase();
    } else {
      return at;
    }
  }
}

const ZERO_WIDTH_NON_JOINER = 0x200c;
const ZERO_WIDTH_JOINER = 0x200d;

/** What is no mark, but belongs to what is before it: the vowel am of Thai and Lao, voicing marks of half-width Kana. */
const EXTENDERS: ReadonlySet<number> = new Set([0x0e33, 0x0eb3, 0xff9e, 0xff9f]);

/** Marks that join the consonants beside them into a conjunct (Indic_Conjunct_Break=Linker). */
const LINKERS: ReadonlySet<number> = new Set([
  0x094d, 0x09cd, 0x0acd, 0x0b4d, 0x0c4d, 0x0d4d, 0x1039, 0x17d2, 0x1a60, 0x1b44, 0x1bab, 0xa9c0, 0xaaf6, 0x10a3f, 0x11133, 0x113d0,
  0x1193e, 0x11a47, 0x11a99, 0x11f42,
]);

/** Signs that belong to what is behind them (Grapheme_Cluster_Break=Prepend), from each first to each last. */
const PREPENDED = [
  [0x0600, 0x0605], [0x06dd, 0x06dd], [0x070f, 0x070f], [0x0890, 0x0891], [0x08e2, 0x08e2], [0x0d4e, 0x0d4e], [0x110bd, 0x110bd],
  [0x110cd, 0x110cd], [0x111c2, 0x111c3], [0x113d1, 0x113d1], [0x1193f, 0x1193f], [0x11941, 0x11941], [0x11a84, 0x11a89],
  [0x11d46, 0x11d46], [0x11f02, 0x11f02],
] as const;

function isPrepended(codePoint: number): boolean {
  return codePoint >= PREPENDED[0][0] && PREPENDED.some(([first, last]) => first <= codePoint && codePoint <= last);
}

/** Whether a sign may belong to this: a visible character that is no mark. */
function stands(codePoint: number): boolean {
  const kind = characterClass(codePoint);
  return kind !== MARK && (kind !== SPACE || isPrepended(codePoint)) && codePoint !== ZERO_WIDTH_JOINER && codePoint !== ZERO_WIDTH_NON_JOINER;
}

function isRegionalIndicator(codePoint: number): boolean {
  return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}

/** Arrows to dingbats, and the emoji blocks: wide enough for every emoji sequence; and the few outside of these. */
function isPictograph(codePoint: number): boolean {
  const inBlocks = (codePoint >= 0x2190 && codePoint <= 0x2bff) || (codePoint >= 0x1f000 && codePoint <= 0x1fffd);
  return (inBlocks && characterClass(codePoint) === OTHER && !isRegionalIndicator(codePoint)) || OTHER_PICTOGRAPHS.includes(String.fromCodePoint(codePoint));
}

const OTHER_PICTOGRAPHS = '©®‼⁉™ℹ〰〽㊗㊙';

function isHangulLeader(codePoint: number): boolean {
  return (codePoint >= 0x1100 && codePoint <= 0x115f) || (codePoint >= 0xa960 && codePoint <= 0xa97c);
}

function isHangulSyllable(codePoint: number): boolean {
  return codePoint >= 0xac00 && codePoint <= 0xd7a3;
}

/** Hangul vowels and trailing consonants, which join the jamo or syllable before them. */
function isHangulExtender(codePoint: number): boolean {
  return (codePoint >= 0x1160 && codePoint <= 0x11ff) || (codePoint >= 0xd7b0 && codePoint <= 0xd7fb);
}

/** Vowels of Kirat Rai that make one sign of several. */
function isKiratRaiVowel(codePoint: number): boolean {
  return codePoint === 0x16d63 || (codePoint >= 0x16d67 && codePoint <= 0x16d6a);
}
