/** Labels of examples against those that a model knows. */

import { DataError, describe } from '../../errors.js';
import type { ExampleOrigin } from '../../data/example.js';

/**
 * @param labelsOf the labels of an example
 * @param expected which labels these are, such as `of the training data`
 * @throws DataError (`unknown_label`) when an example has a label that is not known
 */
export function checkLabels<T extends ExampleOrigin>(
  examples: readonly T[],
  labelsOf: (example: T) => Iterable<string>,
  labels: readonly string[],
  what: string,
  expected: string,
): void {
  const known = new Set(labels);
  const unknown = new Map<string, T>();
  for (const example of examples) {
    for (const label of labelsOf(example)) if (!known.has(label) && !unknown.has(label)) unknown.set(label, example);
  }
  const [first] = unknown.values();
  if (first === undefined) return;
  const given = [...unknown.keys()].map((label) => describe(label)).join(', ');
  throw new DataError(`${what}: expected the labels ${expected} (${labels.join(', ')}), given ${given}`, {
    code: 'unknown_label',
    line: first.line,
    source: first.source,
  });
}
