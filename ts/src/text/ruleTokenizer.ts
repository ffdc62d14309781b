/** Tokenizers that follow rules and need no training. All but `segmenter` cut a text the same way on every host. */

import { describe, UnsupportedError, UsageError } from '../errors.js';
import { characterClass, DIGIT, JOINER, LETTER, MARK, SPACE } from './characterClass.js';
import { codePointAt, widthOf } from './codePoint.js';
import { graphemeEnd } from './grapheme.js';
import type { Token, Tokenizer } from './tokenizer.js';
import { WHITE_SPACE } from './whiteSpace.js';

/** A tokenizer that follows rules, as JSON: see `TokenizerConfig`. */
export type RuleTokenizerConfig =
  | { type: 'default' }
  | { type: 'character' }
  | { type: 'whitespace' }
  | { type: 'segmenter'; locale: string };

/**
 * The tokenizer of rules that a configuration describes; `SubwordTokenizer.fromJson` makes those of
 * pieces, and `loadTokenizer` either.
 *
 * @throws UsageError (`bad_option`) for an unknown type or a locale that is not one
 * @throws UnsupportedError (`no_segmenter`) for `segmenter` where the host has no Intl.Segmenter
 *
 * @example
 * const tokenizer = tokenizerFromConfig({ type: 'default' });
 * tokenizer.tokenize('Call 王芳 at 3pm').map((token) => token.text);
 * // ['Call', '王', '芳', 'at', '3', 'pm']
 */
export function tokenizerFromConfig(config: RuleTokenizerConfig): Tokenizer {
  switch (config.type) {
    case 'default':
      return { config: { type: 'default' }, tokenize: (text) => scan(text, runEnd) };
    case 'character':
      return { config: { type: 'character' }, tokenize: (text) => scan(text, graphemeEnd) };
    case 'whitespace':
      return { config: { type: 'whitespace' }, tokenize: splitAtWhitespace };
    case 'segmenter':
      return segmenterTokenizer(config.locale);
    default:
      throw UsageError.option(
        'tokenizer.type',
        (config as { type: unknown }).type,
        'default, character, whitespace, segmenter or subword',
      );
  }
}

/** Cuts text with `endOf`, from one token start to the next, skipping what is invisible. */
function scan(text: string, endOf: (text: string, start: number) => number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const codePoint = codePointAt(text, at);
    const kind = characterClass(codePoint);
    if (kind === SPACE || kind === JOINER) {
      at += widthOf(codePoint);
      continue;
    }
    const end = endOf(text, at);
    tokens.push({ text: text.slice(at, end), start: at, end });
    at = end;
  }
  return tokens;
}

/** End of the default tokenizer's token at `start`: a run of letters, of digits, or one character. */
function runEnd(text: string, start: number): number {
  const kind = characterClass(codePointAt(text, start));
  if (kind !== LETTER && kind !== DIGIT) return graphemeEnd(text, start);
  let end = start;
  let joined = start;
  while (joined < text.length) {
    const codePoint = codePointAt(text, joined);
    const next = characterClass(codePoint);
    joined += widthOf(codePoint);
    if (next === kind || next === MARK) end = joined;
    // A joiner belongs to the word only when the word goes on behind it.
    else if (!(next === JOINER && kind === LETTER)) break;
  }
  return end;
}

function splitAtWhitespace(text: string): Token[] {
  const runs = new RegExp(`[^${WHITE_SPACE}]+`, 'g');
  const tokens: Token[] = [];
  for (const match of text.matchAll(runs)) {
    tokens.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

function segmenterTokenizer(locale: string): Tokenizer {
  if (typeof locale !== 'string' || locale === '') {
    throw UsageError.option('tokenizer.locale', locale, 'a language tag such as zh or ja');
  }
  if (typeof Intl === 'undefined' || Intl.Segmenter === undefined) {
    throw new UnsupportedError(
      'tokenizer type segmenter needs Intl.Segmenter, which this host does not have',
      { code: 'no_segmenter' },
    );
  }
  let segmenter: Intl.Segmenter;
  try {
    segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  } catch (cause) {
    throw new UsageError(
      `option tokenizer.locale: expected a language tag such as zh or ja, given ${describe(locale)}`,
      { code: 'bad_option', cause },
    );
  }
  return {
    config: { type: 'segmenter', locale },
    tokenize(text) {
      const tokens: Token[] = [];
      for (const { segment, index } of segmenter.segment(text)) {
        if (isVisible(segment)) {
          tokens.push({ text: segment, start: index, end: index + segment.length });
        }
      }
      return tokens;
    },
  };
}

/** Whether a string holds anything but white space and invisible characters. */
function isVisible(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    const codePoint = codePointAt(text, at);
    const kind = characterClass(codePoint);
    if (kind !== SPACE && kind !== JOINER) return true;
    at += widthOf(codePoint);
  }
  return false;
}
