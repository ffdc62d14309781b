/** Text in columns of a terminal, where Chinese characters take two. */

import stringWidth from 'string-width';

/** Columns that a text takes. */
export const widthOf: (text: string) => number = stringWidth;

/** A text with spaces behind it, up to a width. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** A text with spaces before it, up to a width. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/**
 * A text in one line, no wider than a width of at least 1: a longer one ends with `…`.
 *
 * @example
 * shorten('cancellation', 6); // 'cance…'
 */
export function shorten(text: string, width: number): string {
  // What moves the cursor is no part of a text.
  const line = text.replace(/\p{Cc}/gu, ' ');
  if (widthOf(line) <= width) return line;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (widthOf(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
