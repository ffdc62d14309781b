/** From the model's probabilities to labels with their scores. */

import type { Token } from '../../text/tokenizer.js';
import { output, rowOf } from '../../training/output.js';
import type { Visit } from '../text/prediction.js';
import type { WholeDocument } from '../text/whole.js';
import type { ClassifierSettings } from './options.js';

/** A label with its probability. */
export interface ScoredLabel<L extends string = string> {
  label: L;
  /** Probability, from 0 to 1. */
  score: number;
}

/** What `classify` gives: the most probable label, and others. */
export interface Classification<L extends string = string> extends ScoredLabel<L> {
  /**
   * The most probable first: all labels, whose scores sum to one; or, of kind `multi`, those from the
   * threshold on, which may be none.
   */
  labels: ScoredLabel<L>[];
}

/** A token with what it counted for. */
export interface WeighedToken extends Token {
  /** From 0 to 1; those of a text sum to one. */
  weight: number;
}

/** What `explain` gives. */
export interface Explanation<L extends string = string> extends Classification<L> {
  /** The tokens that were read; offsets are those of the text, or numbers of the tokens that were given. */
  tokens: WeighedToken[];
}

/** The labels of a classifier, and when one is given. */
export interface Decision {
  readonly labels: readonly string[];
  readonly settings: Pick<ClassifierSettings, 'kind' | 'threshold'>;
}

/** Labels with their probabilities, the most probable first; of equal ones the first in order. */
export function rankLabels<L extends string>(probabilities: ArrayLike<number>, labels: readonly string[]): ScoredLabel<L>[] {
  const scored = labels.map((label, id): ScoredLabel<L> => ({ label: label as L, score: probabilities[id] ?? 0 }));
  return scored.sort((a, b) => b.score - a.score);
}

/** The classification that probabilities, one for each label, amount to. */
export function classificationOf<L extends string>(probabilities: Float32Array, { labels, settings }: Decision): Classification<L> {
  const scored = rankLabels<L>(probabilities, labels);
  const best = scored[0] as ScoredLabel<L>;
  return { ...best, labels: settings.kind === 'multi' ? scored.filter(({ score }) => score >= settings.threshold) : scored };
}

/** Gathers the probabilities of each of several documents from the entry `predict` or `explain`. */
export class ProbabilityCollector {
  /** `[labels]` for each document. */
  readonly rows: Float32Array[] = [];

  readonly visit: Visit = ({ document }, outputs, row) => {
    this.rows[document] = rowOf(output(outputs, 'probabilities', 'matrix'), row).slice();
  };
}

/** Gathers what the tokens of one document counted for from the entry `explain`. */
export class WeightCollector {
  #weights = new Float32Array();

  readonly visit: Visit = (_, outputs, row) => {
    this.#weights = rowOf(output(outputs, 'weights', 'matrix'), row).slice();
  };

  /** The tokens of the document. */
  tokens({ tokens }: WholeDocument): WeighedToken[] {
    return tokens.map((token, at) => ({ ...token, weight: this.#weights[at] ?? 0 }));
  }
}
