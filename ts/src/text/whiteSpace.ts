/** White space as Unicode has it, frozen, so that every host sees the same. */

/**
 * The White_Space property, spelt out for a character class: `\s` would add U+FEFF and leave out
 * U+0085.
 */
export const WHITE_SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Whether a code unit is white space. */
export function isWhiteSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return ABOVE_ASCII.test(String.fromCharCode(unit));
}

const ABOVE_ASCII = new RegExp(`[${WHITE_SPACE}]`);
