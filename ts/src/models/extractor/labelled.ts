/** Examples in any shape to requests with what is known of them. */

import { DataError, describe } from '../../errors.js';
import type { RequestExample, TaggedExample } from '../../data/example.js';
import type { TokenSpan } from '../../text/entity.js';
import { labelsOf, readDocuments, spansWithin, typesOf, type LabelledDocument, type ReadingOptions } from '../tagger/labelled.js';
import { RequestDocument } from './request.js';

/** A request of which the intent, the spans or both are known. */
export interface LabelledRequest {
  request: RequestDocument;
  intent: string | undefined;
  /** Its entities over tokens, in order. */
  spans: readonly TokenSpan[] | undefined;
  line?: number | undefined;
  source?: string | undefined;
}

/** What is read at once to learn from: a request, or a part of one that is too long. */
export interface LabelledPart {
  tokens: readonly string[];
  intent: string | undefined;
  spans: readonly TokenSpan[] | undefined;
}

/**
 * Reads examples.
 *
 * @throws DataError as a tagger does, and (`bad_example`) for an intent that is no name, or a request
 *   of which nothing is known
 */
export function readLabelledRequests(examples: readonly RequestExample[], options: ReadingOptions): LabelledRequest[] {
  examples.forEach((example, index) => checkKnown(example, index, options.what));
  const documents = readDocuments(examples.map(withSpans), options);
  return examples.map((example, index): LabelledRequest => {
    const { document, spans, line, source } = documents[index] as LabelledDocument;
    const known = hasSpans(example) ? spans : undefined;
    return { request: new RequestDocument(document, spans), intent: example.intent, spans: known, line, source };
  });
}

/** The parts of requests that are read at once. */
export function partsOf(requests: readonly LabelledRequest[]): LabelledPart[] {
  return requests.flatMap(({ request, intent, spans }) =>
    request.segments().map((segment) => ({
      tokens: request.words(segment),
      intent,
      spans: spans && spansWithin(segment, spans),
    })),
  );
}

/**
 * The intents that occur, in code unit order.
 *
 * @throws DataError (`no_intents`) when there are fewer than two
 */
export function intentsOf(requests: readonly LabelledRequest[], what: string): string[] {
  const intents = new Set(requests.flatMap(({ intent }) => intent ?? []));
  if (intents.size > 1) return [...intents].sort();
  const given = intents.size === 0 ? 'none' : `${describe([...intents][0])} alone`;
  throw new DataError(`${what}: expected at least two intents, given ${given}`, {
    code: 'no_intents',
    source: requests[0]?.source,
  });
}

/**
 * The types of the slots that occur, in code unit order.
 *
 * @throws DataError (`no_labels`) when there is no entity at all
 */
export function slotTypesOf(requests: readonly LabelledRequest[], what: string): string[] {
  return labelsOf(requests.map(asTagged), what);
}

/** The types of the slots of a request, each once. */
export function typesIn(request: LabelledRequest): Set<string> {
  return typesOf(asTagged(request));
}

function asTagged({ request, spans = [], line, source }: LabelledRequest): LabelledDocument {
  return { document: request.document, spans, line, source };
}

function hasSpans(example: RequestExample): boolean {
  return ('text' in example ? example.entities : example.tags) !== undefined;
}

/** An example as a tagger reads it: without an entity where none is known. */
function withSpans(example: RequestExample): TaggedExample {
  const { line, source } = example;
  if ('text' in example) return { text: example.text, entities: example.entities ?? [], line, source };
  const tokens = [...example.tokens];
  return { tokens, tags: example.tags === undefined ? tokens.map(() => 'O') : [...example.tags], line, source };
}

function checkKnown(example: RequestExample, index: number, what: string): void {
  const { text, tokens, intent, line, source } = Object(example) as Partial<Record<string, unknown>>;
  const place = { line: line as number | undefined, source: source as string | undefined };
  const name = line === undefined ? `${what}, example ${index + 1}` : what;
  const fail = (message: string): DataError => new DataError(`${name}: ${message}`, { code: 'bad_example', ...place });
  if (typeof text !== 'string' && !Array.isArray(tokens)) {
    throw fail(`expected { text, intent, entities } or { tokens, intent, tags }, given ${describe(example)}`);
  }
  if (intent !== undefined && (typeof intent !== 'string' || intent === '')) {
    throw fail(`intent: expected a name, given ${describe(intent)}`);
  }
  if (intent === undefined && !hasSpans(example)) {
    throw fail('expected an intent, entities (or tags) or both, given neither');
  }
}
