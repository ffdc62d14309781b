/** Texts as the ids that a language model reads, and back. */

import { describe, UsageError } from '../../errors.js';
import { Vocabulary, VocabularyBuilder } from '../../text/vocabulary.js';
import type { Cutter } from './cutter.js';

/** A text as ids; entry i of each list is about token i. */
export interface Reading {
  readonly ids: Int32Array;
  /** First code unit of each token, in UTF-16. */
  readonly starts: Int32Array;
  /** One past the last code unit. */
  readonly ends: Int32Array;
}

/**
 * Reads and writes texts with a vocabulary. No text has id 0, which stands for the boundary before and
 * behind a document; tokens that the vocabulary does not hold have the id of `<unk>`.
 */
export class TextReader {
  /** Id of the boundary before and behind a document. */
  static readonly BOUNDARY = Vocabulary.PADDING;

  readonly vocabulary: Vocabulary;
  readonly #cutter: Cutter;

  constructor(cutter: Cutter, vocabulary: Vocabulary) {
    this.#cutter = cutter;
    this.vocabulary = vocabulary;
  }

  /**
   * A reader that knows the tokens of texts.
   *
   * @param options.minCount tokens seen less often are unknown
   */
  static of(cutter: Cutter, texts: readonly string[], { minCount }: { minCount: number }): TextReader {
    const builder = new VocabularyBuilder();
    for (const text of texts) cutter.cut(text, (token) => builder.add(token));
    return new TextReader(cutter, builder.build({ minCount }));
  }

  /** @throws UsageError (`bad_input`) for what is no text */
  read(text: string): Reading {
    if (typeof text !== 'string') throw new UsageError(`expected a text, given ${describe(text)}`, { code: 'bad_input' });
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    this.#cutter.cut(text, (token, start, end) => {
      ids.push(this.vocabulary.id(token));
      starts.push(start);
      ends.push(end);
    });
    return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
  }

  /** The text of ids: boundaries are nothing, an unknown token is `�`. */
  write(ids: Iterable<number>): string {
    const tokens: (string | undefined)[] = [];
    for (const id of ids) {
      if (id !== TextReader.BOUNDARY) tokens.push(id === Vocabulary.UNKNOWN ? undefined : this.vocabulary.token(id));
    }
    return this.#cutter.join(tokens);
  }
}
