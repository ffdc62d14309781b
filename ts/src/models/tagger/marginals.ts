/** The probability of every tag at every token of a document. */

import type { Token } from '../../text/tokenizer.js';
import { output, rowOf } from '../../training/output.js';
import type { TextDocument } from '../text/document.js';
import type { Visit } from '../text/prediction.js';

/** What `marginals` gives. */
export interface TaggerMarginals {
  /** The tokens; offsets are those of the text, or numbers of the tokens that were given. */
  tokens: Token[];
  /** The tags, such as `O` and `B-PERSON`. */
  tags: string[];
  /**
   * P(tag `j` at token `t`) at `t * tags.length + j`: `[tokens, tags]`. Each token's sum to 1.
   */
  probabilities: Float32Array;
}

/** Gathers the marginals of one document from the entry `predict`. */
export class MarginalCollector {
  readonly #result: TaggerMarginals;

  constructor(document: TextDocument, tags: readonly string[]) {
    const { tokens } = document;
    this.#result = {
      tokens: tokens.map((token) => ({ ...token })),
      tags: [...tags],
      probabilities: new Float32Array(tokens.length * tags.length),
    };
  }

  readonly visit: Visit = ({ tokenStart }, outputs, row) => {
    const { probabilities, tags } = this.#result;
    probabilities.set(rowOf(output(outputs, 'marginals', 'matrix'), row), tokenStart * tags.length);
  };

  /** The marginals of the document. */
  marginals(): TaggerMarginals {
    return this.#result;
  }
}
