/** Texts, or tokens of the caller's, as a model reads them: cut into segments, none too long. */

import { describe, UsageError } from '../../errors.js';
import type { TokenSpan } from '../../text/entity.js';
import { joinTokens } from '../../text/join.js';
import { segmentTokens, type Segment } from '../../text/segment.js';
import type { Token, Tokenizer } from '../../text/tokenizer.js';

/** Most tokens of a segment; what is longer is cut where that hurts least. */
export const LONGEST_SEGMENT = 256;

/** What is read: a text, or a sentence that is tokens already. */
export type TextInput = string | readonly string[];

/** A text or tokens, of any length. */
export class TextDocument {
  /** Its tokens; of a document without a text, token `i` goes from `i` to `i + 1`. */
  readonly tokens: readonly Token[];
  readonly #text: string | undefined;

  private constructor(tokens: readonly Token[], text: string | undefined) {
    this.tokens = tokens;
    this.#text = text;
  }

  /** A text with its tokens. */
  static ofText(text: string, tokens: readonly Token[]): TextDocument {
    return new TextDocument(tokens, text);
  }

  /** Tokens without a text. */
  static ofTokens(tokens: readonly string[]): TextDocument {
    return new TextDocument(
      tokens.map((text, index) => ({ text, start: index, end: index + 1 })),
      undefined,
    );
  }

  /**
   * What a caller wants read.
   *
   * @throws UsageError (`bad_input`)
   */
  static from(input: TextInput, tokenizer: Tokenizer): TextDocument {
    if (typeof input === 'string') return TextDocument.ofText(input, tokenizer.tokenize(input));
    if (!Array.isArray(input)) {
      throw new UsageError(`expected a text or an array of tokens, given ${describe(input)}`, { code: 'bad_input' });
    }
    const odd = input.findIndex((token) => typeof token !== 'string' || token === '');
    if (odd >= 0) {
      throw new UsageError(`token ${odd}: expected a string that is not empty, given ${describe(input[odd])}`, {
        code: 'bad_input',
      });
    }
    return TextDocument.ofTokens(input);
  }

  /**
   * The segments that are read one at a time: sentences of a text; tokens without a text are one
   * sentence, unless they are too many for that.
   *
   * @param spans token spans that are not cut, when they are known
   */
  segments(spans: readonly TokenSpan[] = []): Segment[] {
    const { tokens } = this;
    const options = { maxTokens: LONGEST_SEGMENT, spans };
    if (this.#text !== undefined) return segmentTokens(this.#text, tokens, options);
    if (tokens.length === 0) return [];
    if (tokens.length <= LONGEST_SEGMENT) {
      return [{ start: 0, end: tokens.length, tokenStart: 0, tokenEnd: tokens.length }];
    }
    let text = '';
    const spaced = tokens.map((token): Token => {
      const start = text.length;
      text += `${token.text} `;
      return { text: token.text, start, end: text.length - 1 };
    });
    return segmentTokens(text, spaced, options);
  }

  /** The text, or the tokens where there is none. */
  get input(): TextInput {
    return this.#text ?? this.tokens.map(({ text }) => text);
  }

  /** The tokens of a segment as strings. */
  words({ tokenStart, tokenEnd }: Pick<Segment, 'tokenStart' | 'tokenEnd'>): string[] {
    return this.tokens.slice(tokenStart, tokenEnd).map((token) => token.text);
  }

  /** Offsets and text of a token span. */
  place({ start, end }: Pick<TokenSpan, 'start' | 'end'>): { start: number; end: number; text: string } {
    const [from, to] = [this.tokens[start]?.start ?? 0, this.tokens[end - 1]?.end ?? 0];
    const text = this.#text?.slice(from, to) ?? joinTokens(this.words({ tokenStart: start, tokenEnd: end }));
    return { start: from, end: to, text };
  }
}
