/** Conversion between offsets in code points, as Python counts, and in UTF-16 code units. */

import { UsageError } from '../errors.js';

/**
 * What an offset counts: UTF-16 code units (JavaScript, Java, C#) or code points (Python and the
 * tools written in it). The two differ behind the first character above U+FFFF, such as an emoji.
 */
export type OffsetUnit = 'utf16' | 'codePoint';

/**
 * Offsets of one text in both units. Made in one pass over the text; each conversion is a binary
 * search among its characters above U+FFFF, and free when there are none.
 *
 * @example
 * const offsets = new TextOffsets('🍜 with Ana');
 * offsets.toUtf16(7);     // 8
 * offsets.toCodePoint(8); // 7
 */
export class TextOffsets {
  /** Length in UTF-16 code units. */
  readonly utf16Length: number;
  /** Length in code points; a lone surrogate counts as one. */
  readonly codePointLength: number;
  /** Code unit offsets of the high surrogates of all pairs, ascending. */
  readonly #pairs: number[] = [];

  constructor(text: string) {
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit < 0xd800 || unit > 0xdbff) continue;
      const next = text.charCodeAt(at + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        this.#pairs.push(at);
        at += 1;
      }
    }
    this.utf16Length = text.length;
    this.codePointLength = text.length - this.#pairs.length;
  }

  /**
   * The UTF-16 offset of a code-point offset from 0 to `codePointLength`, both included.
   *
   * @throws UsageError (`bad_offset`) outside that range
   */
  toUtf16(codePoints: number): number {
    check(codePoints, this.codePointLength, 'code points');
    // The pair at index i starts at code point pairs[i] - i: count the pairs before the offset.
    return codePoints + this.#pairsWhere((pair, index) => pair - index < codePoints);
  }

  /**
   * The code-point offset of a UTF-16 offset from 0 to `utf16Length`, both included.
   *
   * @throws UsageError (`bad_offset`) outside that range or between the halves of a surrogate pair
   */
  toCodePoint(utf16: number): number {
    check(utf16, this.utf16Length, 'UTF-16 code units');
    const before = this.#pairsWhere((pair) => pair < utf16);
    if (before > 0 && this.#pairs[before - 1] === utf16 - 1) {
      throw new UsageError(`offset ${utf16} lies between the halves of a surrogate pair`, {
        code: 'bad_offset',
      });
    }
    return utf16 - before;
  }

  /** Converts from the given unit to UTF-16. */
  from(unit: OffsetUnit, offset: number): number {
    return unit === 'codePoint' ? this.toUtf16(offset) : offset;
  }

  /** How many leading pairs satisfy a predicate that holds for a prefix of them. */
  #pairsWhere(holds: (pair: number, index: number) => boolean): number {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#pairs[middle] as number, middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function check(offset: number, length: number, unit: string): void {
  if (!Number.isInteger(offset) || offset < 0 || offset > length) {
    throw new UsageError(`offset ${offset}: expected an integer from 0 to ${length} ${unit}`, {
      code: 'bad_offset',
    });
  }
}
