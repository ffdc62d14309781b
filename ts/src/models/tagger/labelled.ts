/** Examples in any shape to documents with their entities over tokens. */

import { DataError, describe } from '../../errors.js';
import { isTaggedText, type TaggedExample, type TaggedText, type TaggedTokens } from '../../data/example.js';
import { alignTexts, type AlignedText } from '../../text/align.js';
import type { TokenSpan } from '../../text/entity.js';
import type { OffsetUnit } from '../../text/offsets.js';
import type { Segment } from '../../text/segment.js';
import { detectScheme } from '../../text/schemeDetection.js';
import { decodeTags, decodeTagsStrictly } from '../../text/tagScheme.js';
import type { Tokenizer } from '../../text/tokenizer.js';
import { TextDocument } from '../text/document.js';

/** A document whose entities are known. */
export interface LabelledDocument {
  document: TextDocument;
  /** Its entities over tokens, in order. */
  spans: readonly TokenSpan[];
  line?: number | undefined;
  source?: string | undefined;
}

/** A sentence to learn from. */
export interface LabelledSentence {
  tokens: readonly string[];
  spans: readonly TokenSpan[];
}

/** How examples are read. */
export interface ReadingOptions {
  tokenizer: Tokenizer;
  offsetUnit: OffsetUnit;
  /** What messages call the data, such as `training data`. */
  what: string;
  /** Whether malformed tags are left out, as seqeval does, instead of repaired. Default false. */
  strict?: boolean;
}

/**
 * Reads examples: tokens with tags in any scheme, or texts with entities.
 *
 * @throws DataError for an empty sentence, tags of no known scheme, tokens and tags that do not pair
 *   up, a span that cuts a token, or no example at all
 */
export function readDocuments(examples: readonly TaggedExample[], options: ReadingOptions): LabelledDocument[] {
  const { tokenizer, offsetUnit, what, strict = false } = options;
  if (examples.length === 0) {
    throw new DataError(`${what}: expected at least one example, given none`, { code: 'no_data' });
  }
  examples.forEach((example, index) => checkExample(example, index, what));
  const tagged = examples.filter((example): example is TaggedTokens => !isTaggedText(example));
  const scheme = detectScheme(tagged);
  const aligned = alignTexts(examples.filter(isTaggedText), tokenizer, { offsetUnit })[Symbol.iterator]();
  return examples.map((example): LabelledDocument => {
    const { line, source } = example;
    if (isTaggedText(example)) {
      const { tokens, spans } = aligned.next().value as AlignedText;
      if (tokens.length === 0) throw empty(what, example);
      return { document: TextDocument.ofText(example.text, tokens), spans, line, source };
    }
    const spans = strict ? decodeTagsStrictly(example.tags, scheme) : decodeTags(example.tags);
    return { document: TextDocument.ofTokens(example.tokens), spans, line, source };
  });
}

/** The sentences of documents, cut where no entity is. */
export function sentencesOf(documents: readonly LabelledDocument[]): LabelledSentence[] {
  return documents.flatMap(({ document, spans }) =>
    document.segments(spans).map((segment) => ({
      tokens: document.words(segment),
      spans: spansWithin(segment, spans),
    })),
  );
}

/** The spans that lie in a segment, over its own tokens. */
export function spansWithin({ tokenStart, tokenEnd }: Segment, spans: readonly TokenSpan[]): TokenSpan[] {
  return spans
    .filter(({ start, end }) => tokenStart <= start && end <= tokenEnd)
    .map(({ type, start, end }) => ({ type, start: start - tokenStart, end: end - tokenStart }));
}

/**
 * The types that occur, in code unit order.
 *
 * @throws DataError (`no_labels`) when there is no entity at all
 */
export function labelsOf(documents: readonly LabelledDocument[], what: string): string[] {
  const types = new Set(documents.flatMap((document) => [...typesOf(document)]));
  if (types.size > 0) return [...types].sort();
  throw new DataError(`${what}: expected at least one entity, given ${documents.length} examples without any`, {
    code: 'no_labels',
    source: documents[0]?.source,
  });
}

/** The types of the entities, each once. */
export function typesOf({ spans }: LabelledDocument): Set<string> {
  return new Set(spans.map(({ type }) => type));
}

function empty(what: string, { line, source }: TaggedExample): DataError {
  return new DataError(`${what}: an empty sentence; expected at least one token`, { code: 'empty_sentence', line, source });
}

function checkExample(example: TaggedExample, index: number, what: string): void {
  const place = { line: example?.line, source: example?.source };
  const name = place.line === undefined ? `${what}, example ${index + 1}` : what;
  const fail = (message: string, code = 'bad_example'): DataError => new DataError(`${name}: ${message}`, { code, ...place });
  const { tokens, tags, text, entities } = Object(example) as Partial<TaggedTokens & TaggedText>;
  if (typeof text === 'string' && Array.isArray(entities)) {
    const odd = entities.findIndex((entity) => !isAnnotation(entity));
    if (odd < 0) return;
    throw fail(`entity ${odd + 1}: expected { type, start, end } or { type, text }, given ${describe(entities[odd])}`);
  }
  if (text !== undefined || !Array.isArray(tokens) || !Array.isArray(tags)) {
    throw fail(`expected { tokens, tags } or { text, entities }, given ${describe(example)}`);
  }
  if (tokens.length === 0) throw empty(name, example);
  if (tokens.length !== tags.length) {
    throw fail(`expected as many tags as tokens, given ${tags.length} for ${tokens.length}`, 'bad_length');
  }
  const odd = tokens.findIndex((token) => typeof token !== 'string' || token === '');
  if (odd >= 0) throw fail(`token ${odd + 1}: expected a string that is not empty, given ${describe(tokens[odd])}`);
  const oddTag = tags.findIndex((tag) => typeof tag !== 'string');
  if (oddTag >= 0) throw fail(`tag ${oddTag + 1}: expected a string, given ${describe(tags[oddTag])}`);
}

function isAnnotation(entity: unknown): boolean {
  const { type, text, start, end } = Object(entity) as Partial<Record<string, unknown>>;
  if (typeof type !== 'string' || type === '') return false;
  if (text !== undefined && typeof text !== 'string') return false;
  const placed = typeof start === 'number' && typeof end === 'number';
  return placed || (start === undefined && end === undefined && text !== undefined);
}
