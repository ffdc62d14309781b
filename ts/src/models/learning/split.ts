/** What a model learns from, and what tells the best epoch. */

import { holdOut } from '../../data/split.js';

/** Development data. */
export interface DevData<T> {
  readonly examples: readonly T[];
  readonly source: 'given' | 'held out';
  /** Which examples were held out, counted from 0. */
  readonly heldOut: readonly number[];
}

/** What is trained on, and what it is scored on. */
export interface LearningData<T> {
  readonly train: readonly T[];
  readonly dev: DevData<T> | null;
}

/** How examples are held out; see `holdOut`. */
export interface SplitOptions<T> {
  /** Share of the examples; 0 holds nothing out. */
  fraction: number;
  seed: number;
  /** Labels of an example, none of which is held out whole. */
  labelsOf: (example: T) => Iterable<string>;
}

/** Training and development data; without the latter, a part of the former in its place. */
export function splitLearning<T>(
  train: readonly T[],
  dev: readonly T[] | undefined,
  options: SplitOptions<T>,
): LearningData<T> {
  if (dev !== undefined) return { train, dev: { examples: dev, source: 'given', heldOut: [] } };
  const { train: kept, heldOut } = holdOut(train, options);
  if (heldOut.length === 0) return { train, dev: null };
  const places = new Map(train.map((example, index) => [example, index]));
  const indices = heldOut.map((example) => places.get(example) ?? 0);
  return { train: kept, dev: { examples: heldOut, source: 'held out', heldOut: indices } };
}
