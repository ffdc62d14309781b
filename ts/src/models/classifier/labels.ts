/** The labels of a classifier, and what each counts for. */

import { DataError, describe, UsageError } from '../../errors.js';
import { checkLabels } from '../text/labels.js';
import type { LabelledText } from './labelled.js';
import type { ClassifierModelOptions, ClassifierSettings } from './options.js';

/** The labels of a text. */
export const labelsOf = ({ labels }: LabelledText): readonly string[] => labels;

/**
 * The labels of a new classifier: those that are given, else those that occur, in code unit order.
 *
 * @throws DataError (`unknown_label`) for one that occurs but is not among those given, (`no_labels`)
 *   when there is nothing to tell apart
 */
export function decideLabels(
  texts: readonly LabelledText[],
  kind: ClassifierSettings['kind'],
  given: ClassifierModelOptions['labels'],
  what: string,
): string[] {
  if (given !== undefined) checkLabels(texts, labelsOf, given, what, 'that are given');
  const found = [...new Set(texts.flatMap(labelsOf))].sort();
  const least = kind === 'multi' ? 1 : 2;
  if (found.length < least) {
    const expected = least === 1 ? 'at least one label' : 'examples of at least two labels';
    const only = found.length === 0 ? 'none' : `only ${describe(found[0])}`;
    throw new DataError(`${what}: expected ${expected}, given ${only}`, { code: 'no_labels', source: texts[0]?.source });
  }
  return given === undefined ? found : [...given];
}

/**
 * What each class counts for in the loss; undefined where all count the same. See `ClassWeights`.
 *
 * @throws UsageError (`bad_option`) for a weight of a label that there is not
 */
export function weightsOf(
  { classWeights: weights, kind }: Pick<ClassifierSettings, 'classWeights' | 'kind'>,
  labels: readonly string[],
  texts: readonly LabelledText[],
): number[] | undefined {
  if (weights === null) return undefined;
  if (weights !== 'balanced') {
    const odd = Object.keys(weights).find((label) => !labels.includes(label));
    if (odd !== undefined) throw UsageError.option(`classWeights.${odd}`, weights[odd], `one of the labels ${labels.join(', ')}`);
    const given = new Map(Object.entries(weights));
    return labels.map((label) => given.get(label) ?? 1);
  }
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const label of texts.flatMap(labelsOf)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label) => {
    const having = counts.get(label) ?? 0;
    // What no example has, or all have, is nothing to balance.
    if (having === 0 || (kind === 'multi' && having === texts.length)) return 1;
    return kind === 'multi' ? (texts.length - having) / having : texts.length / (labels.length * having);
  });
}
