/** Tokens without their text to something that reads like it. */

/** Han, Kana and the punctuation that goes with them, at the start or the end of a token. */
const WIDE = '[\\u2e80-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\ud840-\\ud8bf]';
const STARTS_WIDE = new RegExp(`^${WIDE}`);
const ENDS_WIDE = new RegExp(`${WIDE}[\\udc00-\\udfff]?$`);

/**
 * Joins tokens: by a space, but directly where both neighbours are Chinese or Japanese.
 *
 * @example
 * joinTokens(['Blue', 'Cafe']); // 'Blue Cafe'
 * joinTokens(['王', '芳']);      // '王芳'
 */
export function joinTokens(tokens: readonly string[]): string {
  return tokens.map((token, index) => `${index === 0 ? '' : gapBetween(tokens[index - 1] as string, token)}${token}`).join('');
}

/** What stands between two tokens by itself: a space, but nothing where both are Chinese or Japanese. */
export function gapBetween(before: string, token: string): '' | ' ' {
  return ENDS_WIDE.test(before) && STARTS_WIDE.test(token) ? '' : ' ';
}
