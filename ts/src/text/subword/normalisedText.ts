/** Texts that were rewritten, and the place in the original that each part came from. */

/** A part of a text that is to read otherwise. */
export interface Edit {
  /** First code unit. */
  start: number;
  /** One past the last code unit; `start` for an insertion. */
  end: number;
  /** What stands there instead. */
  text: string;
}

/** For every code unit of a rewritten text, the code units of the original that it stands for. */
interface Origins {
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/**
 * A text, or a part of one, as rewriting left it. Each code unit knows its span in the original:
 * what was replaced as one stands as one for all that it replaced (the `é` that NFC makes of two
 * characters for both, each letter of `fi` for the ligature), and what was inserted stands for
 * nothing. Immutable; a text that nothing has changed carries no table.
 *
 * @example
 * const text = NormalisedText.of('e\u0301tat').replace(/e\u0301/g, () => 'é');
 * text.text;       // 'état'
 * text.span(0, 1); // [0, 2]
 */
export class NormalisedText {
  readonly text: string;
  readonly #origins: Origins | undefined;
  /** Index of the first code unit in `#origins`; without that, its offset in the original. */
  readonly #base: number;

  private constructor(text: string, origins: Origins | undefined, base: number) {
    this.text = text;
    this.#origins = origins;
    this.#base = base;
  }

  /** A text as it was given. */
  static of(text: string): NormalisedText {
    return new NormalisedText(text, undefined, 0);
  }

  /** Start and end, in UTF-16 code units of the original, of a part; of all of it by default. */
  span(start = 0, end = this.text.length): [start: number, end: number] {
    if (start < end) return [this.#startOf(start), this.#endOf(end - 1)];
    const at = start < this.text.length || start === 0 ? this.#startOf(start) : this.#endOf(start - 1);
    return [at, at];
  }

  /** A part, with the same origins. */
  slice(start: number, end = this.text.length): NormalisedText {
    return start === 0 && end === this.text.length
      ? this
      : new NormalisedText(this.text.slice(start, end), this.#origins, this.#base + start);
  }

  /** The same spans under a text of the same length, in which each code unit took the place of one. */
  recoded(text: string): NormalisedText {
    return text === this.text ? this : new NormalisedText(text, this.#origins, this.#base);
  }

  /** The text with some parts replaced. `edits` ascend and do not overlap. */
  edited(edits: readonly Edit[]): NormalisedText {
    if (edits.length === 0) return this;
    const length = edits.reduce((sum, { start, end, text }) => sum + text.length - (end - start), this.text.length);
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    let text = '';
    let from = 0;
    let to = 0;
    const keepUntil = (end: number): void => {
      text += this.text.slice(from, end);
      for (; from < end; from += 1, to += 1) {
        starts[to] = this.#startOf(from);
        ends[to] = this.#endOf(from);
      }
    };
    for (const edit of edits) {
      keepUntil(edit.start);
      const [start, end] = this.span(edit.start, edit.end);
      const filled = to + edit.text.length;
      starts.fill(start, to, filled);
      ends.fill(end, to, filled);
      text += edit.text;
      from = edit.end;
      to = filled;
    }
    keepUntil(this.text.length);
    return new NormalisedText(text, { starts, ends }, 0);
  }

  /**
   * The text with every match replaced.
   *
   * @param pattern with the flag `g`
   */
  replace(pattern: RegExp, by: (match: RegExpExecArray) => string): NormalisedText {
    const edits: Edit[] = [];
    for (const match of this.text.matchAll(pattern)) {
      const text = by(match as RegExpExecArray);
      if (text !== match[0]) edits.push({ start: match.index, end: match.index + match[0].length, text });
    }
    return this.edited(edits);
  }

  /** The text with every code point replaced, all of what replaces one standing for it. A lone surrogate is a code point. */
  mapped(by: (codePoint: number) => string): NormalisedText {
    const starts: number[] = [];
    const ends: number[] = [];
    let text = '';
    for (let at = 0; at < this.text.length; ) {
      const codePoint = this.text.codePointAt(at) as number;
      const width = codePoint > 0xffff ? 2 : 1;
      const replaced = by(codePoint);
      const [start, end] = [this.#startOf(at), this.#endOf(at + width - 1)];
      for (let count = replaced.length; count > 0; count -= 1) {
        starts.push(start);
        ends.push(end);
      }
      text += replaced;
      at += width;
    }
    return new NormalisedText(text, { starts, ends }, 0);
  }

  /** The text behind another that stands for nothing. */
  prefixed(text: string): NormalisedText {
    return this.edited([{ start: 0, end: 0, text }]);
  }

  #startOf(at: number): number {
    if (this.#origins === undefined) return this.#base + at;
    const { starts, ends } = this.#origins;
    // Behind the end, as an empty text at the end of another is.
    return starts[this.#base + at] ?? ends[ends.length - 1] ?? 0;
  }

  #endOf(at: number): number {
    return this.#origins === undefined ? this.#base + at + 1 : (this.#origins.ends[this.#base + at] as number);
  }
}
