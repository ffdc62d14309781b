/** Options of model classes as data: the classes check them, the command line offers them. */

import * as v from 'valibot';
import { UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';

/** One option. */
export interface Option<T = unknown> {
  /** What it is for, as a help page puts it. */
  readonly text: string;
  /** What it must be, in words. */
  readonly expected: string;
  /** What form it has, which tells how it is read from a command line. */
  readonly form: 'integer' | 'number' | 'limit' | 'flag' | 'choice' | 'other';
  /** The values of a choice. */
  readonly choices?: readonly string[];
  /** Its value when it is not given; absent where that depends on something else. */
  readonly default?: T;
  /** How that is put on a help page, where it takes words. */
  readonly otherwise?: string;
  readonly schema: v.GenericSchema;
}

/** What happens when an option is not given. */
type Fallback<T> = { readonly default: T; readonly otherwise?: string } | { readonly otherwise: string };

/** A whole number from `least` on, and up to `most` where there is such. */
export function integer<const F extends Fallback<number>>(text: string, least: number, fallback: F, most?: number) {
  return {
    text,
    expected: most === undefined ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`,
    form: 'integer',
    schema: v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most ?? Number.MAX_SAFE_INTEGER)),
    ...fallback,
  } as const;
}

/** A number from 0 on. */
export function amount<const F extends Fallback<number>>(text: string, fallback: F) {
  const schema = v.pipe(v.number(), v.finite(), v.minValue(0));
  return { text, expected: 'a number of at least 0', form: 'number', schema, ...fallback } as const;
}

/** A number above 0. */
export function positive<const F extends Fallback<number>>(text: string, fallback: F) {
  const schema = v.pipe(v.number(), v.finite(), v.gtValue(0));
  return { text, expected: 'a number above 0', form: 'number', schema, ...fallback } as const;
}

/** A number above 0, or null for no limit. */
export function limit<const F extends Fallback<number | null>>(text: string, fallback: F) {
  const schema = v.nullable(v.pipe(v.number(), v.finite(), v.gtValue(0)));
  return { text, expected: 'a number above 0, or null for none', form: 'limit', schema, ...fallback } as const;
}

/** A part of a whole, and by itself not nearly all of it. */
export function share<const F extends Fallback<number>>(text: string, fallback: F, most = 0.95) {
  const schema = v.pipe(v.number(), v.minValue(0), v.maxValue(most));
  return { text, expected: `a number from 0 to ${most}`, form: 'number', schema, ...fallback } as const;
}

/** True or false. */
export function flag<const F extends Fallback<boolean>>(text: string, fallback: F) {
  return { text, expected: 'true or false', form: 'flag', schema: v.boolean(), ...fallback } as const;
}

/** One of some words. */
export function choice<const C extends readonly string[], const F extends Fallback<C[number]>>(
  text: string,
  choices: C,
  fallback: F,
) {
  const expected = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  return { text, expected, form: 'choice', choices, schema: v.picklist(choices), ...fallback } as const;
}

/** One of some words, or an object in place of them, whose `kind` says what it is. */
export function preset<const C extends readonly string[], const F extends Fallback<C[number]>>(
  text: string,
  choices: C,
  fallback: F,
) {
  const schema = v.union([v.picklist(choices), v.looseObject({ kind: v.string() })]);
  const expected = `${choices.join(', ')} or an object with a kind`;
  return { text, expected, form: 'choice', choices, schema, ...fallback } as const;
}

/** What none of the forms is enough for. */
export function other<const F extends Fallback<unknown>>(text: string, expected: string, schema: v.GenericSchema, fallback: F) {
  return { text, expected, form: 'other', schema, ...fallback } as const;
}

/** Options by name. */
export interface OptionTable {
  readonly [name: string]: Option;
}

/**
 * Checks the options that are given.
 *
 * @throws UsageError (`bad_option`) naming the option, what was given and what was expected
 */
export function checkOptions(given: unknown, table: OptionTable): void {
  checkOptionNames(given, table);
  for (const [name, value] of Object.entries(given as object)) {
    if (value === undefined) continue;
    const option = table[name] as Option;
    if (!v.is(option.schema, value)) throw UsageError.option(name, value, option.expected);
  }
}
