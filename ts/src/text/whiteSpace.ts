/** White space as Unicode has it, frozen, so that every host sees the same. */

/**
 * The White_Space property, spelt out for a character class: `\s` would add U+FEFF and leave out
 * U+0085.
 */
export const WHITE_SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
