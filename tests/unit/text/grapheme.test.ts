import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { graphemeEnd } from '../../../ts/src/text/grapheme.js';
import { multilingualTexts } from './subword/multilingual.js';

function graphemes(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += (found.at(-1) as string).length) found.push(text.slice(at, graphemeEnd(text, at)));
  return found;
}

describe('characters as people count them', () => {
  test.each<[string, string[]]>([
    ['ทำน้ำ', ['ทำ', 'น้ำ']],
    ['ຄຳ', ['ຄຳ']],
    ['ｶﾞｷﾟｱ', ['ｶﾞ', 'ｷﾟ', 'ｱ']],
    ['ﾞ', ['ﾞ']],
    ['क्षत्रिय', ['क्ष', 'त्रि', 'य']],
    ['क्\u200dष', ['क्\u200dष']],
    ['क्\u200cष', ['क्\u200c', 'ष']],
    ['க்ஷ', ['க்', 'ஷ']],
    ['ক্ষত', ['ক্ষ', 'ত']],
    ['ខ្មែរ', ['ខ្មែ', 'រ']],
    ['१्क', ['१्', 'क']],
    ['\u1100\u1100\uac00\u11a8', ['\u1100\u1100\uac00\u11a8']],
    ['\uac00\u1100', ['\uac00', '\u1100']],
    ['\u{16d63}\u{16d67}\u{16d67}a', ['\u{16d63}\u{16d67}\u{16d67}', 'a']],
    ['\u0d4eക', ['\u0d4eക']],
    ['\u0600\u0661 \u0600', ['\u0600\u0661', ' ', '\u0600']],
    ['\u0d4e\u0301a', ['\u0d4e\u0301', 'a']],
    ['🇩🇪\ufe0f🇫🇷🇮', ['🇩🇪\ufe0f', '🇫🇷', '🇮']],
    ['👩\u200d❤️\u200d👨', ['👩\u200d❤️\u200d👨']],
    ['™\u200d™a\u200da', ['™\u200d™', 'a\u200d', 'a']],
    ['a \u0301\r\n', ['a', ' \u0301', '\r', '\n']],
  ])('%j', (text, expected) => {
    expect(graphemes(text)).toEqual(expected);
  });

  test('are never cut, whatever stands in a text', () => {
    const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });
    // A host of an older Unicode joins less, which is no cut; what one to come joins more is not in sentences of today.
    const isToCome = Number.parseFloat(process.versions['unicode'] ?? '0') > 17;
    for (const text of [...multilingualTexts(1000), ...(isToCome ? [] : randomTexts(20_000))]) {
      const borders = new Set([text.length, ...Array.from(clusters.segment(text), ({ index }) => index)]);
      let at = 0;
      for (const grapheme of graphemes(text)) {
        expect(borders.has(at) || /\s/.test(text.charAt(at)), `${JSON.stringify(text)} at ${at}`).toBe(true);
        at += grapheme.length;
      }
      expect(at).toBe(text.length);
    }
  });
});

/** Blocks of scripts and signs that join, and those that join the most. */
const BLOCKS = [
  0x20, 0x300, 0x600, 0x900, 0x980, 0xb00, 0xd00, 0xe00, 0xe80, 0x1000, 0x1100, 0x1780, 0x1a20, 0x2010, 0x2100, 0x2600, 0x3030, 0xa960, 0xac00,
  0xd7b0, 0xfe00, 0xff70, 0x10a00, 0x11080, 0x11130, 0x11900, 0x11a00, 0x1f1e6, 0x1f3f0, 0x1f466,
];
const JOINING = [0x200d, 0x200c, 0xe33, 0x94d, 0x9cd, 0x17d2, 0x1039, 0x600, 0xd4e, 0x1100, 0x1161, 0x1f1e9];

/** Texts of a few characters that hardly belong together. */
function randomTexts(count: number): string[] {
  const random = new Random(3);
  const one = (of: readonly number[]): number => of[random.below(of.length)] as number;
  const character = (): number => (random.below(4) === 0 ? one(JOINING) : one(BLOCKS) + random.below(0x50));
  return Array.from({ length: count }, () => String.fromCodePoint(...Array.from({ length: 2 + random.below(6) }, character)));
}
