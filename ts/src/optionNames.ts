/** Names of options: those that are given must be among those that there are. */

import { UsageError } from './errors.js';

/** Every name of an interface of options, as the keys of a table. */
export type OptionNames<T> = { readonly [name in keyof T]-?: unknown };

/**
 * Checks the names of the options that are given; one that is undefined counts as not given.
 *
 * @throws UsageError (`bad_option`) for what is no object, or naming the option that is none
 *
 * @example
 * checkOptionNames({ thread: 2 }, { variant: true, threads: true });
 * // option thread: there is no such option; there are threads, variant
 */
export function checkOptionNames<T>(given: T, names: OptionNames<NoInfer<T>>): void {
  if (typeof given !== 'object' || given === null) throw UsageError.option('options', given, 'an object');
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || Object.hasOwn(names, name)) continue;
    const known = Object.keys(names).sort().join(', ');
    throw new UsageError(`option ${name}: there is no such option; there are ${known}`, { code: 'bad_option' });
  }
}
