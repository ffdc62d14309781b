/** Bytes as visible characters (Radford et al. 2019, GPT-2), so that a piece of any bytes is a string. */

import { WHITE_SPACE } from '../whiteSpace.js';
import type { NormalisedText } from './normalisedText.js';

/**
 * How GPT-2 cuts a text before it looks at bytes: English contractions, and runs of letters, of
 * digits and of other characters, each with the space before it.
 */
export const BYTE_LEVEL_WORDS = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${WHITE_SPACE}\\p{L}\\p{N}]+|[${WHITE_SPACE}]+(?![^${WHITE_SPACE}])|[${WHITE_SPACE}]+`,
  'gu',
);

/**
 * The characters of the 256 bytes, by byte: printable Latin-1 stands for itself, the rest for the
 * characters from U+0100 on.
 */
export function byteCharacters(): readonly string[] {
  characters ??= makeCharacters();
  return characters;
}

/**
 * A text with each of its UTF-8 bytes as a character. All bytes of a character stand for the whole
 * of it. A lone surrogate becomes the bytes of U+FFFD.
 */
export function toByteLevel(text: NormalisedText): NormalisedText {
  const table = byteCharacters();
  const { text: from } = text;
  // Plain words behind at most one space are by far the most.
  if (VISIBLE_ASCII.test(from)) return from.startsWith(' ') ? text.recoded(table[0x20] + from.slice(1)) : text;
  return text.mapped((codePoint) => utf8(codePoint, table));
}

/** The characters of the UTF-8 bytes of a code point; a `TextEncoder` for each would take most of the time. */
function utf8(codePoint: number, table: readonly string[]): string {
  const tail = (shift: number): string => table[0x80 | ((codePoint >> shift) & 0x3f)] as string;
  if (codePoint < 0x80) return table[codePoint] as string;
  if (codePoint < 0x800) return table[0xc0 | (codePoint >> 6)] + tail(0);
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return utf8(0xfffd, table);
  if (codePoint < 0x10000) return table[0xe0 | (codePoint >> 12)] + tail(6) + tail(0);
  return table[0xf0 | (codePoint >> 18)] + tail(12) + tail(6) + tail(0);
}

/** The bytes that a string stands for; undefined when one of its characters stands for none. */
export function bytesOf(text: string): number[] | undefined {
  bytes ??= new Map(byteCharacters().map((character, byte) => [character, byte]));
  const found: number[] = [];
  for (const character of text) {
    const byte = bytes.get(character);
    if (byte === undefined) return undefined;
    found.push(byte);
  }
  return found;
}

const VISIBLE_ASCII = /^ ?[!-~]*$/;
// Made on first use, so that importing costs nothing.
let characters: readonly string[] | undefined;
let bytes: ReadonlyMap<string, number> | undefined;

function makeCharacters(): string[] {
  let unprintable = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(printable ? byte : 0x100 + unprintable++);
  });
}
