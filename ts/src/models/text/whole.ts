/** Texts that are read as a whole. */

import type { Segment } from '../../text/segment.js';
import type { Token } from '../../text/tokenizer.js';
import type { TextDocument } from './document.js';
import type { Segmented } from './prediction.js';

/** What is read in place of a text without a token: no vocabulary holds it. */
const NOTHING = '\ufffd';

/** A document as one segment, up to a length; without a token it is one unknown word. */
export class WholeDocument implements Segmented {
  /** The tokens that are read. */
  readonly tokens: readonly Token[];

  /** @param maxTokens how much of the document is read */
  constructor({ tokens }: TextDocument, maxTokens: number) {
    this.tokens = tokens.slice(0, maxTokens);
  }

  segments(): Segment[] {
    const { tokens } = this;
    return [{ start: 0, end: tokens.at(-1)?.end ?? 0, tokenStart: 0, tokenEnd: Math.max(1, tokens.length) }];
  }

  /** What the model is given, at least one word. */
  words(): string[] {
    return this.tokens.length === 0 ? [NOTHING] : this.tokens.map(({ text }) => text);
  }
}
