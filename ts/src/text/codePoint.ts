/** Code points of a text, which is made of code units. */

/** The code point at a code unit; a line feed, which joins to nothing, beyond the end. */
export function codePointAt(text: string, at: number): number {
  return text.codePointAt(at) ?? 0x0a;
}

/** How many code units a code point has. */
export function widthOf(codePoint: number): number {
  return codePoint > 0xffff ? 2 : 1;
}
