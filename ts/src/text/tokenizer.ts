/** Tokenizers: text to tokens with offsets into that text. */

import { tokenizerFromConfig, type RuleTokenizerConfig } from './ruleTokenizer.js';
import type { TokenizerJson } from './subword/tokenizerJson.js';

/** A piece of a text. */
export interface Token {
  /** What a vocabulary looks up: `whole.slice(start, end)`, but of subword tokenizers the piece. */
  text: string;
  /** First code unit, in UTF-16. */
  start: number;
  /** One past the last code unit. */
  end: number;
}

/**
 * A tokenizer as JSON, the form in which a model file keeps it.
 *
 * - `default`: each Han or Kana character by itself, else runs of letters (with their combining
 *   marks), runs of digits, and every other character by itself; an emoji sequence is one token.
 * - `character`: every character as people count them (a grapheme cluster), such as a letter with its
 *   combining marks, a conjunct of consonants or an emoji sequence, by itself.
 * - `whitespace`: runs of anything but white space, for text that is tokenised already.
 * - `segmenter`: the words of `Intl.Segmenter` in a locale. It knows Chinese, Japanese and Thai
 *   words, but differs from host to host.
 * - `subword`: pieces of words, as a `SubwordTokenizer` learned them or read them from a
 *   `tokenizer.json`; made by its `config`.
 */
export type TokenizerConfig = RuleTokenizerConfig | { type: 'subword'; tokenizer: TokenizerJson };

/** Cuts text into tokens. Offsets ascend and tokens never overlap or hold white space alone. */
export interface Tokenizer {
  /** What `loadTokenizer` needs to make this tokenizer again. */
  readonly config: TokenizerConfig;
  /** The tokens of a text; none for an empty or blank one. Time is linear in the length. */
  tokenize(text: string): Token[];
}

/**
 * The tokenizer that a configuration describes. What tokenizers of pieces need is loaded when one is
 * asked for, so that a page without them is spared it.
 *
 * @throws as {@link tokenizerFromConfig} and, for `subword`, `SubwordTokenizer.fromJson`
 *
 * @example
 * const tokenizer = await loadTokenizer(tagger.settings.tokenizer);
 */
export async function loadTokenizer(config: TokenizerConfig): Promise<Tokenizer> {
  if (config.type !== 'subword') return tokenizerFromConfig(config);
  const { SubwordTokenizer } = await import('./subword/subwordTokenizer.js');
  return SubwordTokenizer.fromJson(config.tokenizer);
}
