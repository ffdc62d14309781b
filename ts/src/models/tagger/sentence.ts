/** From examples in any shape to the sentences that a tagger learns from. */

import { DataError, describe } from '../../errors.js';
import { isTaggedText, type TaggedExample, type TaggedTokens } from '../../data/example.js';
import { alignTexts } from '../../text/align.js';
import type { TokenSpan } from '../../text/entity.js';
import type { OffsetUnit } from '../../text/offsets.js';
import { detectScheme } from '../../text/schemeDetection.js';
import { segmentTokens } from '../../text/segment.js';
import { decodeTags, decodeTagsStrictly } from '../../text/tagScheme.js';
import type { Tokenizer } from '../../text/tokenizer.js';

/** A sentence with its entities over tokens. */
export interface LabelledSentence {
  tokens: string[];
  spans: TokenSpan[];
  line?: number | undefined;
  source?: string | undefined;
}

/** Most tokens of a sentence; a longer one is cut where that hurts least. */
export const LONGEST_SENTENCE = 256;

/**
 * Reads examples: tokens with tags in any scheme, or texts with entities. A text of several
 * sentences becomes several.
 *
 * @param what how messages call the data, such as `training data`
 * @param strict whether malformed tags are left out, as seqeval does, instead of repaired
 * @throws DataError for an empty sentence, tags of no known scheme, tokens and tags that do not
 *   pair up, a span that cuts a token, or no example at all
 */
export function readSentences(
  examples: Iterable<TaggedExample>,
  tokenizer: Tokenizer,
  offsetUnit: OffsetUnit,
  what: string,
  strict = false,
): LabelledSentence[] {
  const all = [...examples];
  if (all.length === 0) throw new DataError(`${what}: expected at least one example, given none`, { code: 'no_data' });
  all.forEach((example, index) => checkExample(example, index, what));
  const texts = all.filter(isTaggedText);
  const tagged = all.filter((example): example is TaggedTokens => !isTaggedText(example));
  const scheme = tagged.length > 0 ? detectScheme(tagged) : 'BIO';
  const sentences: LabelledSentence[] = tagged.map(({ tokens, tags, line, source }) => ({
    tokens, spans: strict ? decodeTagsStrictly(tags, scheme) : decodeTags(tags), line, source,
  }));
  for (const { text, tokens, spans, line, source } of alignTexts(texts, tokenizer, { offsetUnit })) {
    if (tokens.length === 0) throw empty(what, line, source);
    for (const { tokenStart, tokenEnd } of segmentTokens(text, tokens, { maxTokens: LONGEST_SENTENCE, spans })) {
      sentences.push({
        tokens: tokens.slice(tokenStart, tokenEnd).map((token) => token.text),
        spans: spans
          .filter((span) => tokenStart <= span.start && span.end <= tokenEnd)
          .map(({ type, start, end }) => ({ type, start: start - tokenStart, end: end - tokenStart })),
        line,
        source,
      });
    }
  }
  return sentences;
}

function empty(what: string, line: number | undefined, source: string | undefined): DataError {
  return new DataError(`${what}: an empty sentence; expected at least one token`, { code: 'empty_sentence', line, source });
}

function checkExample(example: TaggedExample, index: number, what: string): void {
  const { line, source } = example ?? {};
  const place = { line, source };
  const name = line === undefined ? `${what}, example ${index + 1}` : what;
  if (typeof example !== 'object' || example === null) {
    throw new DataError(`${name}: expected { tokens, tags } or { text, entities }, given ${describe(example)}`);
  }
  if (isTaggedText(example)) {
    if (typeof example.text === 'string' && Array.isArray(example.entities)) return;
    throw new DataError(`${name}: expected { text, entities }, given ${describe(example)}`, place);
  }
  const { tokens, tags } = example;
  if (!Array.isArray(tokens) || !Array.isArray(tags)) {
    throw new DataError(`${name}: expected { tokens, tags } or { text, entities }, given ${describe(example)}`, place);
  }
  if (tokens.length === 0) throw empty(name, line, source);
  if (tokens.length !== tags.length) {
    throw new DataError(`${name}: expected as many tags as tokens, given ${tags.length} for ${tokens.length}`, {
      code: 'bad_length', ...place,
    });
  }
  const odd = tokens.findIndex((token) => typeof token !== 'string' || token === '');
  if (odd >= 0) {
    throw new DataError(`${name}: token ${odd + 1}: expected a string that is not empty, given ${describe(tokens[odd])}`, place);
  }
}
