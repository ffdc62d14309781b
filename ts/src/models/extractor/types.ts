/** What TypeScript knows of an extractor from the examples and options that it was made of. */

import type { RequestExample } from '../../data/example.js';
import type { Normaliser, NormaliserContext, Normalisers, SlotArity } from './record.js';

/** The intents of examples: literals where they are written out, else `string`. */
export type IntentOf<E extends RequestExample> = E extends { readonly intent: infer I extends string } ? I : never;

/** The types of the slots of examples. */
export type SlotOf<E extends RequestExample> = E extends { readonly entities: readonly (infer A)[] }
  ? A extends { readonly type: infer T extends string }
    ? T
    : never
  : never;

/** How many values slots have, by type. */
export interface Slots {
  readonly [type: string]: SlotArity;
}

/** What normalisers are where none are given: values are texts. A call gets the types of their arguments from here. */
export interface Verbatim {
  readonly [type: string]: (text: string, context: NormaliserContext) => string;
}

/** The value of a slot: what its normaliser gives, else the text. */
type ValueOf<T, N extends Normalisers> = T extends keyof N ? (N[T] extends Normaliser<infer V> ? Awaited<V> : string) : string;

/** The keys that an object is known to have. */
type Named<T> = string extends keyof T ? never : keyof T & string;

type Field<T, S extends Slots, N extends Normalisers> = T extends keyof S
  ? S[T] extends 'one'
    ? ValueOf<T, N> | null
    : ValueOf<T, N>[]
  : ValueOf<T, N>[];

/** A record of which only some slots, or none, are known by name. */
type OpenRecord<S extends Slots, N extends Normalisers> = {
  [T in Named<S> | Named<N> as Lowercase<T>]: Field<T, S, N>;
} & { [slot: string]: unknown };

/**
 * A record of slots `T`: a key in lower case for each, an array of values, or for those with one value
 * that value or null.
 *
 * @example
 * type Meeting = RecordOf<'PERSON' | 'DATE', { DATE: 'one' }, { DATE: (text: string) => Date }>;
 * // { person: string[]; date: Date | null }
 */
export type RecordOf<T extends string, S extends Slots, N extends Normalisers> = string extends T
  ? OpenRecord<S, N>
  : { [K in T as Lowercase<K>]: Field<K, S, N> };
