/** The spec of a classifier: what reads text → pooling → linear → probabilities. */

import type { Init } from '../../spec/builder.js';
import type { Spec } from '../../spec/spec.js';
import type { SpecBuilder } from '../../spec/specBuilder.js';
import type { MatrixValue } from '../../spec/value.js';
import type { Model } from '../../training/model.js';
import { TextGraph, type TextSizes } from '../text/graph.js';
import { pooledStates } from '../text/pooling.js';
import type { ClassifierSettings } from './options.js';

/** What the spec depends on beside the settings. */
export interface ClassifierSizes extends TextSizes {
  /** How many labels there are. */
  labels: number;
}

/** The layer that spreads one number over the levels of kind `ordinal`. */
const LEVELS = 'levels';

/**
 * The whole spec. Entries: `train` (output `loss`), `predict` (output `probabilities`) and, where pooling
 * is attention, `explain` (outputs `probabilities` and `weights`).
 *
 * @param classWeights what each class counts for in the loss
 * @param init how word vectors start; default as the settings say
 */
export function classifierSpec(
  settings: ClassifierSettings,
  sizes: ClassifierSizes,
  classWeights: readonly number[] | undefined,
  init?: Init,
): Spec {
  const { kind, bidirectional, wordDropout, labelSmoothing } = settings;
  const text = new TextGraph(settings, sizes, { bidirectional, wordDropout, init });
  const s = text.builder;
  const { pooled: x, weights } = pooledStates(text, settings, 'output_dropout');
  const logits = kind === 'ordinal' ? levels(s, x, sizes.labels) : s.linear(x, { name: 'linear', outputSize: sizes.labels });
  const loss =
    kind === 'multi'
      ? s.bceWithLogits(logits, s.matrix('labels', { width: sizes.labels }), classWeights && { posWeight: classWeights })
      : s.crossEntropy(logits, s.ids('label', { size: sizes.labels }), { labelSmoothing, ...(classWeights && { classWeights }) });
  const probabilities = kind === 'multi' ? s.activation('sigmoid', logits) : s.softmax(logits);
  s.entry('train', { loss }).entry('predict', { probabilities });
  if (weights !== undefined) s.entry('explain', { probabilities, weights });
  return s.build();
}

/**
 * Logits of levels in an order: `place · position + bias`, with the place of a text on one line, and
 * positions of the levels in steps of one around 0. The odds of any level against the one below then
 * grow with the place (adjacent-categories logit model; Agresti 2010, Analysis of Ordinal Categorical
 * Data, §4.1), so that the most probable level never falls as the place rises.
 */
function levels(s: SpecBuilder, x: MatrixValue, count: number): MatrixValue {
  const place = s.linear(x, { name: 'place', outputSize: 1, bias: false });
  return s.linear(place, { name: LEVELS, outputSize: count, parameters: { weight: { trainable: false } } });
}

/**
 * Puts the positions of levels into a new model, and biases by which the levels form a bell around the
 * place, `-(place - position)² / 2`: from equal ones only the ends would ever be the most probable.
 */
export async function setLevels(model: Model, count: number): Promise<void> {
  const positions = Float32Array.from({ length: count }, (_, level) => level - (count - 1) / 2);
  await model.setParameter(`${LEVELS}.weight`, positions);
  await model.setParameter(`${LEVELS}.bias`, positions.map((position) => -(position * position) / 2));
}
