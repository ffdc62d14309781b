/** The shapes of labelled training data. */

import type { EntityAnnotation } from '../text/entity.js';

/** Where an example was read from; readers fill it in, so that errors can name the place. */
export interface ExampleOrigin {
  /** Line of the example's first token or of its text, counted from 1. */
  line?: number | undefined;
  /** Name of the source, usually a file name. */
  source?: string | undefined;
}

/** A sentence as tokens with one tag each, as in CoNLL files. Both arrays have the same length. */
export interface TaggedTokens extends ExampleOrigin {
  tokens: string[];
  /** Tags such as `B-PER`, `I-PER` and `O`, in any scheme that `detectScheme` knows. */
  tags: string[];
}

/**
 * A text with its entities. Offsets are UTF-16 code units, end-exclusive.
 *
 * @example
 * const example: TaggedText = {
 *   text: 'lunch with Ana',
 *   entities: [{ start: 11, end: 14, type: 'PERSON' }],
 * };
 */
export interface TaggedText extends ExampleOrigin {
  text: string;
  entities: readonly EntityAnnotation[];
}

/** One labelled example in either shape. */
export type TaggedExample = TaggedTokens | TaggedText;

/** What is known of a request as a whole: what whoever makes it wants. */
export interface RequestIntent {
  /** Such as `create`; absent where it is not known. */
  intent?: string | undefined;
}

/**
 * A request: a text with its intent, and with the entities that fill its slots. Where either is not
 * known it is absent; `entities: []` says that there are none.
 *
 * @example
 * const example: RequestText = {
 *   text: 'lunch with Ana',
 *   intent: 'create',
 *   entities: [{ start: 11, end: 14, type: 'PERSON' }],
 * };
 */
export interface RequestText extends RequestIntent, ExampleOrigin {
  text: string;
  entities?: readonly EntityAnnotation[] | undefined;
}

/** A request as tokens with one tag each, as the files of ATIS and SNIPS have it. */
export interface RequestTokens extends RequestIntent, ExampleOrigin {
  tokens: readonly string[];
  /** Tags such as `B-PER` and `O`, in any scheme that `detectScheme` knows; absent where they are not known. */
  tags?: readonly string[] | undefined;
}

/** A request in either shape. At least the intent or the entities of it are known. */
export type RequestExample = RequestText | RequestTokens;

/** Whether an example is a text with entities rather than tokens with tags. */
export function isTaggedText(example: TaggedExample): example is TaggedText {
  return 'text' in example;
}

/**
 * A text with its class.
 *
 * @example
 * const example: ClassifiedText = { text: 'Win a free cruise!', label: 'spam' };
 */
export interface ClassifiedText<L extends string = string> extends ExampleOrigin {
  text: string;
  label: L;
}

/** A text with every class that it belongs to, which may be none. */
export interface MultiClassifiedText<L extends string = string> extends ExampleOrigin {
  text: string;
  labels: readonly L[];
}

/** One classified example in either shape. */
export type ClassifiedExample<L extends string = string> = ClassifiedText<L> | MultiClassifiedText<L>;

/** A text that is tokens already, with its class. */
export interface ClassifiedTokens<L extends string = string> extends ExampleOrigin {
  tokens: readonly string[];
  label: L;
}

/** A text that is tokens already, with every class that it belongs to. */
export interface MultiClassifiedTokens<L extends string = string> extends ExampleOrigin {
  tokens: readonly string[];
  labels: readonly L[];
}
