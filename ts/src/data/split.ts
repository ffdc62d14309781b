/** Holding out a part of the data. */

import { UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import { Random } from './random.js';

/** Options of `holdOut`. */
export interface HoldOutOptions<T> {
  /** Share to hold out, from 0 up to but not including 1. Default 0.1. */
  fraction?: number;
  /** Decides which examples are held out. Default 1. */
  seed?: number;
  /**
   * Labels of an example. The last remaining example of a label is never held out, so that every
   * held-out label can be learnt.
   */
  labelsOf?: (example: T) => Iterable<string>;
}

/** Both parts, each in the order of the whole. */
export interface HeldOut<T> {
  train: T[];
  heldOut: T[];
}

/**
 * Splits examples in two. The same examples and seed give the same split on every host. As many
 * are held out as the fraction rounds to, but at least one of two or more; fewer where `labelsOf`
 * forbids it.
 *
 * @throws UsageError (`bad_option`)
 *
 * @example
 * const { train, heldOut } = holdOut(sentences, { fraction: 0.1, seed: 1 });
 */
export function holdOut<T>(examples: readonly T[], options: HoldOutOptions<T> = {}): HeldOut<T> {
  checkOptionNames(options, { fraction: true, seed: true, labelsOf: true });
  const { fraction = 0.1, seed = 1, labelsOf } = options;
  if (!(fraction >= 0 && fraction < 1)) {
    throw UsageError.option('fraction', fraction, 'a number from 0 up to but not including 1');
  }
  if (!Number.isInteger(seed)) throw UsageError.option('seed', seed, 'an integer');
  const { length } = examples;
  let wanted = Math.round(length * fraction);
  if (wanted === 0 && fraction > 0 && length > 1) wanted = 1;

  const labels = examples.map((example) => new Set(labelsOf?.(example)));
  /** Examples that are left for training, by label. */
  const remaining = new Map<string, number>();
  for (const label of labels.flatMap((set) => [...set])) {
    remaining.set(label, (remaining.get(label) ?? 0) + 1);
  }
  const chosen = new Set<number>();
  for (const index of new Random(seed).shuffle([...examples.keys()])) {
    if (chosen.size >= wanted) break;
    const own = [...(labels[index] as Set<string>)];
    if (own.some((label) => remaining.get(label) === 1)) continue;
    for (const label of own) remaining.set(label, (remaining.get(label) as number) - 1);
    chosen.add(index);
  }
  return {
    train: examples.filter((_, index) => !chosen.has(index)),
    heldOut: examples.filter((_, index) => chosen.has(index)),
  };
}
