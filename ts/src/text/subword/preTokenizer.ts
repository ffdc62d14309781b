/** Pre-tokenizers of tokenizer files: they cut a text into the words that a model then cuts into pieces. */

import * as v from 'valibot';
import { WHITE_SPACE } from '../whiteSpace.js';
import { tokenizerFromConfig } from '../ruleTokenizer.js';
import { BYTE_LEVEL_WORDS, toByteLevel } from './byteLevel.js';
import { CHARACTER, METASPACE } from './metaspace.js';
import type { NormalisedText } from './normalisedText.js';
import { PATTERN, patternExpression } from './pattern.js';

const behavior = v.picklist(['Removed', 'Isolated', 'Contiguous', 'MergedWithPrevious', 'MergedWithNext']);
const yes = v.optional(v.boolean(), true);
const no = v.optional(v.boolean(), false);

const SINGLE = v.variant('type', [
  v.object({ type: v.literal('ByteLevel'), add_prefix_space: no, trim_offsets: yes, use_regex: yes }),
  METASPACE,
  v.object({ type: v.picklist(['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit']) }),
  v.object({ type: v.literal('Split'), pattern: PATTERN, behavior, invert: no }),
  v.object({ type: v.literal('Punctuation'), behavior: v.optional(behavior, 'Isolated') }),
  v.object({ type: v.literal('Digits'), individual_digits: no }),
  v.object({ type: v.literal('CharDelimiterSplit'), delimiter: CHARACTER }),
  v.object({ type: v.literal('FixedLength'), length: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1)) }),
  v.object({
    type: v.literal('Ostinato'),
    tokenizer: v.variant('type', [
      v.object({ type: v.picklist(['default', 'character', 'whitespace']) }),
      v.object({ type: v.literal('segmenter'), locale: v.string() }),
    ]),
    keep_gaps: no,
  }),
]);

/**
 * What becomes of the matches that a text is split at: they go, stand alone (`Contiguous`: run by
 * run), or stay with the part before or behind them.
 */
export type SplitBehavior = v.InferOutput<typeof behavior>;

/**
 * A pre-tokenizer as JSON, with the names of `tokenizer.json`.
 *
 * - `ByteLevel`: GPT-2's words (`use_regex`), then every UTF-8 byte a visible character.
 * - `Metaspace`: SentencePiece's: a space is `▁` and begins a word; so does the text
 *   (`prepend_scheme`).
 * - `BertPreTokenizer`: at white space, and around punctuation; `Whitespace`: runs of word
 *   characters and of others; `WhitespaceSplit`: at white space alone.
 * - `Split`, `Punctuation`, `Digits`, `CharDelimiterSplit`, `FixedLength`.
 * - `Ostinato`: the tokens of one of this library's tokenizers, and, with `keep_gaps`, each
 *   character between them. No other library reads it.
 * - `Sequence`: one after another.
 */
export type PreTokenizerJson = v.InferOutput<typeof SINGLE> | { type: 'Sequence'; pretokenizers: PreTokenizerJson[] };

/** The same, where defaults may be left out. */
export type PreTokenizerInput = v.InferInput<typeof SINGLE> | { type: 'Sequence'; pretokenizers: PreTokenizerInput[] };

/** What a pre-tokenizer must look like. */
export const PRE_TOKENIZER: v.GenericSchema<PreTokenizerInput, PreTokenizerJson> = v.variant('type', [
  ...SINGLE.options,
  v.object({ type: v.literal('Sequence'), pretokenizers: v.array(v.lazy(() => PRE_TOKENIZER)) }),
]);

/** Cuts a text into words, none of them empty. */
export type PreTokenizer = (text: NormalisedText) => NormalisedText[];

/**
 * The pre-tokenizer that some JSON describes; for null, one that leaves a text whole.
 *
 * @throws UnsupportedError for a pattern that JavaScript cannot have, or a host without Intl.Segmenter
 */
export function preTokenizerFrom(json: PreTokenizerJson | null): PreTokenizer {
  if (json === null) return (text) => [text];
  switch (json.type) {
    case 'ByteLevel':
      return byteLevel(json.add_prefix_space, json.use_regex);
    case 'Metaspace':
      return metaspace(json);
    case 'BertPreTokenizer':
      return (text) => matches(text, BERT_WORDS);
    case 'Whitespace':
      return (text) => matches(text, WORDS_AND_OTHERS);
    case 'WhitespaceSplit':
      return (text) => matches(text, NO_SPACES);
    case 'Split': {
      const expression = patternExpression(json.pattern);
      return (text) => split(text, expression, json.behavior, json.invert);
    }
    case 'Punctuation':
      return (text) => split(text, PUNCTUATION, json.behavior);
    case 'Digits':
      return (text) => split(text, NUMERIC, json.individual_digits ? 'Isolated' : 'Contiguous');
    case 'CharDelimiterSplit': {
      const expression = patternExpression({ String: json.delimiter });
      return (text) => split(text, expression, 'Removed');
    }
    case 'FixedLength': {
      const expression = new RegExp(`[^]{1,${json.length}}`, 'gu');
      return (text) => matches(text, expression);
    }
    case 'Sequence':
      return inTurn(json.pretokenizers.map(preTokenizerFrom));
    case 'Ostinato':
      return ruled(json);
  }
}

const NO_SPACES = new RegExp(`[^${WHITE_SPACE}]+`, 'g');
/** Punctuation, and what else of ASCII is no letter or digit. */
const PUNCTUATION_CLASS = '\\p{P}$+<=>^`|~';
const PUNCTUATION = new RegExp(`[${PUNCTUATION_CLASS}]`, 'gu');
const BERT_WORDS = new RegExp(`[${PUNCTUATION_CLASS}]|[^${WHITE_SPACE}${PUNCTUATION_CLASS}]+`, 'gu');
const CHARACTERS = /[^]/gu;
const NUMERIC = /\p{N}/gu;
/** What the Unicode standard's regular expressions call word characters. */
const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';
const WORDS_AND_OTHERS = new RegExp(`[${WORD}]+|[^${WORD}${WHITE_SPACE}]+`, 'gu');

function inTurn(steps: readonly PreTokenizer[]): PreTokenizer {
  return (text) => steps.reduce((parts, step) => parts.flatMap(step), [text]);
}

function byteLevel(addPrefixSpace: boolean, useExpression: boolean): PreTokenizer {
  return (text) => {
    const whole = addPrefixSpace && text.text !== '' && !text.text.startsWith(' ') ? text.prefixed(' ') : text;
    return (useExpression ? matches(whole, BYTE_LEVEL_WORDS) : [whole]).map(toByteLevel);
  };
}

function metaspace({ replacement, prepend_scheme: scheme, split: cut }: PreTokenizerJson & { type: 'Metaspace' }): PreTokenizer {
  const expression = patternExpression({ String: replacement });
  return (text) => {
    if (text.text === '') return [text];
    const spaces = replacement.length === 1 ? text.recoded(text.text.replaceAll(' ', replacement)) : text.replace(/ /g, () => replacement);
    const begins = scheme === 'always' || (scheme === 'first' && text.span()[0] === 0);
    const whole = begins && !spaces.text.startsWith(replacement) ? spaces.prefixed(replacement) : spaces;
    return cut ? split(whole, expression, 'MergedWithNext') : [whole];
  };
}

function ruled({ tokenizer, keep_gaps: keepGaps }: PreTokenizerJson & { type: 'Ostinato' }): PreTokenizer {
  const { tokenize } = tokenizerFromConfig(tokenizer);
  return (text) => {
    const parts: NormalisedText[] = [];
    let at = 0;
    const gapUntil = (end: number): void => {
      if (keepGaps && at < end) for (const gap of matches(text.slice(at, end), CHARACTERS)) parts.push(gap);
    };
    for (const { start, end } of tokenize(text.text)) {
      gapUntil(start);
      parts.push(text.slice(start, end));
      at = end;
    }
    gapUntil(text.text.length);
    return parts;
  };
}

/** The matches of an expression that never matches nothing. */
function matches(text: NormalisedText, expression: RegExp): NormalisedText[] {
  const parts: NormalisedText[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(text.text); match !== null; match = expression.exec(text.text)) {
    parts.push(text.slice(match.index, expression.lastIndex));
  }
  return parts;
}

/** A run of a text that matches an expression, or that does not. */
interface Run {
  start: number;
  end: number;
  matches: boolean;
}

/**
 * Cuts a text at the matches of an expression.
 *
 * @param invert whether what does not match is what the text is split at
 */
function split(text: NormalisedText, expression: RegExp, behavior: SplitBehavior, invert = false): NormalisedText[] {
  const runs: Run[] = [];
  let at = 0;
  for (const { 0: match, index } of text.text.matchAll(expression)) {
    if (match === '') continue;
    if (at < index) runs.push({ start: at, end: index, matches: invert });
    at = index + match.length;
    runs.push({ start: index, end: at, matches: !invert });
  }
  if (at < text.text.length) runs.push({ start: at, end: text.text.length, matches: invert });
  return joined(runs, behavior).map(({ start, end }) => text.slice(start, end));
}

function joined(runs: readonly Run[], behavior: SplitBehavior): Run[] {
  switch (behavior) {
    case 'Removed':
      return runs.filter((run) => !run.matches);
    case 'Isolated':
      return [...runs];
    case 'Contiguous':
      return chained(runs, (before, run) => before.matches === run.matches);
    case 'MergedWithPrevious':
      return chained(runs, (before, run) => run.matches && !before.matches);
    case 'MergedWithNext':
      return chained(runs, (before, run) => before.matches && !run.matches);
  }
}

/** Joins neighbours for which a condition holds. */
function chained(runs: readonly Run[], belong: (before: Run, run: Run) => boolean): Run[] {
  const chains: Run[] = [];
  let before: Run | undefined;
  for (const run of runs) {
    const last = chains.at(-1);
    if (last !== undefined && before !== undefined && belong(before, run)) last.end = run.end;
    else chains.push({ ...run });
    before = run;
  }
  return chains;
}
