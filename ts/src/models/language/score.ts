/** How well a language model foresees a text. */

import { exp } from '../../arithmetic/exponential.js';
import type { Token } from '../../text/tokenizer.js';
import type { Reading } from './reader.js';

/** A token with how much it surprises the model. */
export interface ScoredToken extends Token {
  /** Natural logarithm of its probability behind what stands before it. */
  logProb: number;
  /** The same in bits: `-log2` of the probability. */
  surprisal: number;
}

/** How well texts are foreseen. Ends of documents count as tokens, but not as characters. */
export interface TextRates {
  /** Natural logarithm of the probability of all tokens. */
  logProb: number;
  /** `-logProb` by the number of tokens. */
  natsPerToken: number;
  /** `exp(natsPerToken)`. */
  perplexity: number;
  /** `-log2` of the probability by the number of characters (code points, white space too). */
  bitsPerCharacter: number;
}

/** A text with the surprisal of each token. */
export interface TextScore extends TextRates {
  /** In the order of the text. That of a model of documents ends with its end, whose `text` is empty. */
  tokens: ScoredToken[];
}

/** What an evaluation counts. */
export interface LanguageEvaluation extends TextRates {
  /** How many tokens there were. */
  tokens: number;
  /** How many characters there were: code points, white space too. */
  characters: number;
}

/** Adds up log-probabilities. */
export class LikelihoodSum {
  #logProb = 0;
  #tokens = 0;
  #characters = 0;

  /** @param logProbs of the tokens of `text` */
  add(text: string, logProbs: Float64Array): void {
    this.addTotal([text], logProbs.reduce((sum, logProb) => sum + logProb, 0), logProbs.length);
  }

  /** @param logProb of all `tokens` of the texts */
  addTotal(texts: readonly string[], logProb: number, tokens: number): void {
    this.#logProb += logProb;
    this.#tokens += tokens;
    for (const text of texts) this.#characters += codePoints(text);
  }

  /** Of no text at all the perplexity is 1. */
  get evaluation(): LanguageEvaluation {
    const [logProb, tokens, characters] = [this.#logProb, this.#tokens, this.#characters];
    const natsPerToken = tokens === 0 ? 0 : -logProb / tokens;
    const bitsPerCharacter = characters === 0 ? 0 : -logProb / Math.LN2 / characters;
    return { logProb, natsPerToken, perplexity: exp(natsPerToken), bitsPerCharacter, tokens, characters };
  }
}

/**
 * The score of a text.
 *
 * @param logProbs of its tokens, and of its end where there is one more
 */
export function scoreOf(text: string, { starts, ends }: Reading, logProbs: Float64Array): TextScore {
  const sum = new LikelihoodSum();
  sum.add(text, logProbs);
  const { tokens: _, characters: __, ...rates } = sum.evaluation;
  const tokens = Array.from(logProbs, (logProb, index): ScoredToken => {
    const [start, end] = [starts[index] ?? text.length, ends[index] ?? text.length];
    return { text: text.slice(start, end), start, end, logProb, surprisal: -logProb / Math.LN2 };
  });
  return { tokens, ...rates };
}

function codePoints(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count -= 1;
  }
  return count;
}
