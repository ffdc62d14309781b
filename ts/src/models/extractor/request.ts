/** A text as an extractor reads it. */

import type { TokenSpan } from '../../text/entity.js';
import type { Segment } from '../../text/segment.js';
import type { Tokenizer } from '../../text/tokenizer.js';
import { LONGEST_SEGMENT, TextDocument, type TextInput } from '../text/document.js';
import type { Segmented } from '../text/prediction.js';

/**
 * A request, which is read as a whole, since every sentence of it tells what is wanted; but sentence
 * by sentence where it is too long for that.
 */
export class RequestDocument implements Segmented {
  readonly document: TextDocument;
  readonly #spans: readonly TokenSpan[];

  /** @param spans token spans that are not cut, when they are known */
  constructor(document: TextDocument, spans: readonly TokenSpan[] = []) {
    this.document = document;
    this.#spans = spans;
  }

  /**
   * What a caller wants read.
   *
   * @throws UsageError (`bad_input`)
   */
  static from(input: TextInput, tokenizer: Tokenizer): RequestDocument {
    return new RequestDocument(TextDocument.from(input, tokenizer));
  }

  /** At least one, be it without a token: a text that says nothing has an intent, too. */
  segments(): Segment[] {
    const { tokens } = this.document;
    if (tokens.length > LONGEST_SEGMENT) return this.document.segments(this.#spans);
    return [{ start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0, tokenStart: 0, tokenEnd: tokens.length }];
  }

  words(segment: Segment): string[] {
    return this.document.words(segment);
  }
}
