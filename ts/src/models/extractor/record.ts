/** From the spans of a request to the values of its slots. */

import { describe, OstinatoError, UsageError } from '../../errors.js';
import type { Entity } from '../../text/entity.js';
import type { TextInput } from '../text/document.js';

/** How many values a slot has: `one` is the most probable span's or null, `many` is an array, perhaps empty. */
export type SlotArity = 'one' | 'many';

/** What a normaliser is told beside the text of the slot. */
export interface NormaliserContext {
  /** The whole text, or tokens, that the slot was found in. */
  readonly input: TextInput;
  readonly intent: string;
  /** The span itself. */
  readonly span: Entity;
  /** All spans of the text, in order. */
  readonly spans: readonly Entity[];
}

/**
 * Makes a value of the text of a slot: a date of `next Friday`. What cannot be understood is null by
 * custom; an error that it throws ends the call.
 */
export type Normaliser<T = unknown> = (text: string, context: NormaliserContext) => T | Promise<T>;

/** Normalisers by type of slot. They are functions, which no file can hold: `load` takes them again. */
export interface Normalisers {
  readonly [type: string]: Normaliser;
}

/** A span with its value. */
export interface ExtractedSpan extends Entity {
  /** What the normaliser of its type made of its text, else the text. */
  value: unknown;
}

/**
 * The key of a slot in records: its type in lower case.
 *
 * @example
 * slotKey('PERSON'); // 'person'
 */
export function slotKey(type: string): string {
  return type.toLowerCase();
}

/** Makes records of spans. */
export class RecordBuilder {
  readonly #slots: { readonly [type: string]: SlotArity };
  readonly #normalisers: ReadonlyMap<string, Normaliser>;

  /** @throws UsageError (`bad_option`) for a normaliser of a slot that there is not, or that is no function */
  constructor(slots: { readonly [type: string]: SlotArity }, normalisers: Normalisers) {
    for (const [type, normaliser] of Object.entries(normalisers)) {
      if (!Object.hasOwn(slots, type)) {
        throw UsageError.option('normalisers', type, `types of slots, which are ${Object.keys(slots).join(', ')}`);
      }
      if (typeof normaliser !== 'function') throw UsageError.option(`normalisers.${type}`, normaliser, 'a function');
    }
    this.#slots = slots;
    this.#normalisers = new Map(Object.entries(normalisers));
  }

  /**
   * The spans of one request with their values.
   *
   * @throws OstinatoError (`normaliser_failed`) naming the slot, with what the normaliser threw as cause
   */
  async values(input: TextInput, intent: string, spans: readonly Entity[]): Promise<ExtractedSpan[]> {
    const values = spans.map(async (span) => {
      try {
        return await this.#normalise({ input, intent, span, spans });
      } catch (cause) {
        throw failed(span, cause);
      }
    });
    const all = await Promise.all(values);
    return spans.map((span, index) => ({ ...span, value: all[index] }));
  }

  /**
   * As `values`, at once.
   *
   * @throws UsageError (`async_normaliser`) when a normaliser answers with a promise
   */
  valuesSync(input: TextInput, intent: string, spans: readonly Entity[]): ExtractedSpan[] {
    return spans.map((span) => {
      let value: unknown;
      try {
        value = this.#normalise({ input, intent, span, spans });
      } catch (cause) {
        throw failed(span, cause);
      }
      if (!(value instanceof Promise)) return { ...span, value };
      // Nobody will wait for it, so nobody else would hear of its failure.
      value.catch(() => undefined);
      throw new UsageError(`the normaliser of ${span.type} answers with a promise; expected a value, or a call that waits: extract in place of extractSync`, {
        code: 'async_normaliser',
      });
    });
  }

  #normalise(context: NormaliserContext): unknown {
    const { type, text } = context.span;
    const normaliser = this.#normalisers.get(type);
    return normaliser === undefined ? text : normaliser(text, context);
  }

  /** The record of spans: a key for each slot, found or not. */
  record(spans: readonly ExtractedSpan[]): { [slot: string]: unknown } {
    const slots = Object.entries(this.#slots).map(([type, arity]): [string, unknown] => {
      const own = spans.filter((span) => span.type === type);
      if (arity === 'many') return [slotKey(type), own.map(({ value }) => value)];
      const [best] = own.sort((a, b) => b.score - a.score);
      return [slotKey(type), best === undefined ? null : best.value];
    });
    return Object.fromEntries(slots);
  }
}

/**
 * What makes the values of two spans equal: slot and value as JSON.
 *
 * @throws OstinatoError (`normaliser_failed`) for a value that JSON cannot have, such as a BigInt
 */
export function valueKey(span: ExtractedSpan): string {
  try {
    return JSON.stringify([span.type, span.value]);
  } catch (cause) {
    throw failed(span, cause, 'gave what is no JSON for');
  }
}

function failed({ type, text }: Entity, cause: unknown, did = 'failed on'): OstinatoError {
  const reason = cause instanceof Error ? cause.message : describe(cause);
  return new OstinatoError(`the normaliser of ${type} ${did} ${describe(text)}: ${reason}`, { code: 'normaliser_failed', cause });
}

/**
 * How many values each slot has: `many` but for those said to have one.
 *
 * @throws UsageError (`bad_option`) for a slot that there is not, or two that would be one in a record
 */
export function slotsOf(types: readonly string[], given: { readonly [type: string]: SlotArity }): { [type: string]: SlotArity } {
  const unknown = Object.keys(given).find((type) => !types.includes(type));
  if (unknown !== undefined) throw UsageError.option('slots', unknown, `types of slots, which are ${types.join(', ')}`);
  const keys = new Map<string, string>();
  for (const type of types) {
    const other = keys.get(slotKey(type));
    if (other !== undefined) {
      throw new UsageError(`slots ${other} and ${type}: expected names that differ in more than case, since both are ${slotKey(type)} in records`, {
        code: 'bad_option',
      });
    }
    keys.set(slotKey(type), type);
  }
  const arities = new Map(Object.entries(given));
  return Object.fromEntries(types.map((type) => [type, arities.get(type) ?? 'many']));
}
