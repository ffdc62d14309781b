/** Parts of the data that take turns in being tested on. */

import { UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import { Random } from './random.js';

/** Options of `stratifiedFolds`. */
export interface FoldOptions<T> {
  /** How many parts, at least 2. Default 5. */
  folds?: number;
  /** Decides which example is in which part. Default 1. */
  seed?: number;
  /** The class of an example: each part has its share of every class. */
  classOf: (example: T) => string;
}

/**
 * Deals examples into parts of like size, each with its share of every class. The same examples and seed
 * give the same parts on every host.
 *
 * @returns the indices of the examples of each part, in the order of the whole
 * @throws UsageError (`bad_option`)
 *
 * @example
 * const parts = stratifiedFolds(examples, { folds: 5, classOf: ({ label }) => label });
 */
export function stratifiedFolds<T>(examples: readonly T[], options: FoldOptions<T>): number[][] {
  checkOptionNames(options, { folds: true, seed: true, classOf: true });
  const { folds = 5, seed = 1, classOf } = options;
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= examples.length)) {
    throw UsageError.option('folds', folds, `a whole number from 2 to ${examples.length}, the number of examples`);
  }
  if (!Number.isInteger(seed)) throw UsageError.option('seed', seed, 'an integer');
  if (typeof classOf !== 'function') throw UsageError.option('classOf', classOf, 'a function');
  const classes = new Map<string, number[]>();
  examples.forEach((example, index) => {
    const name = classOf(example);
    const members = classes.get(name);
    if (members === undefined) classes.set(name, [index]);
    else members.push(index);
  });
  const random = new Random(seed);
  // Classes are dealt one after another round the table, so that no part gets the rest of all of them.
  const dealt = [...classes.values()].flatMap((members) => random.shuffle(members));
  return Array.from({ length: folds }, (_, fold) => dealt.filter((__, at) => at % folds === fold).sort((a, b) => a - b));
}
