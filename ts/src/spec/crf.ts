/** A conditional random field: what can be asked of it, over one set of parameters. */

import type { CrfLossOptions, CrfOptions } from './options.js';
import type { IdsValue, MatrixValue, ScalarValue } from './value.js';

/** Parameters of every block of a field, in pytorch-crf's names. */
export const CRF_PARAMETERS = ['transitions', 'start_transitions', 'end_transitions'] as const;

/** The best path, which is itself the tag of every step. */
export interface CrfPath extends IdsValue {
  /** The path's score, for each row. */
  readonly bestScore: MatrixValue;
}

/** Probabilities under a field. */
export interface CrfMarginals {
  /** Probability of each tag at each step. */
  readonly marginals: MatrixValue;
  /** The logarithm of the partition function, for each row. */
  readonly logPartition: MatrixValue;
}

/** Probabilities under a field, and along a path. */
export interface CrfConditionals extends CrfMarginals {
  /**
   * Probability of each tag at each step, given the path's tag before it; the probability of any stretch
   * of the path is the marginal of its first tag times the conditionals of the others.
   */
  readonly conditionals: MatrixValue;
}

/** The best paths, in the order of their scores. */
export interface CrfPaths {
  /** The tags of the `n` paths at each step, as numbers; -1 where a row has fewer paths. */
  readonly paths: MatrixValue;
  /** The logarithm of each path's probability, for each row. */
  readonly logProbability: MatrixValue;
  /** Each path's score, for each row. */
  readonly score: MatrixValue;
}

/** How a field links its nodes. */
export interface CrfLinks {
  loss(tags: IdsValue, options: CrfLossOptions): ScalarValue;
  decode(): CrfPath;
  marginals(path: IdsValue | undefined): CrfConditionals;
  nBest(n: number): CrfPaths;
}

/**
 * A linear-chain conditional random field (Lafferty et al. 2001) over emissions, made by
 * `SpecBuilder.crf`. Parameters: `transitions` (from row to column), `start_transitions`,
 * `end_transitions`.
 *
 * @example
 * const crf = s.crf(emissions, { constraints: { scheme: 'bio', tags: ['O', 'B-PER', 'I-PER'] } });
 * const path = crf.decode();
 * s.entry('train', { loss: crf.loss(tags) }).entry('predict', { path, ...crf.marginals(path) });
 */
export class Crf {
  readonly #links: CrfLinks;

  /** Internal: made by `SpecBuilder.crf`. */
  constructor(links: CrfLinks) {
    this.#links = links;
  }

  /**
   * The negative log-likelihood of tags. A row counts when none of its tags is the ids' `ignoreIndex`;
   * the loss is 0 if none does.
   */
  loss(tags: IdsValue, options: CrfLossOptions = {}): ScalarValue {
    return this.#links.loss(tags, options);
  }

  /** The best path (Viterbi 1967). */
  decode(): CrfPath {
    return this.#links.decode();
  }

  /** Probabilities, exact; with a path also along it. They have no gradient: a loss made of them is refused. */
  marginals(): CrfMarginals;
  marginals(path: IdsValue): CrfConditionals;
  marginals(path?: IdsValue): CrfMarginals {
    return this.#links.marginals(path);
  }

  /** The `n` best paths with their probabilities. They have no gradient, as with `marginals`. */
  nBest(n: number): CrfPaths {
    return this.#links.nBest(n);
  }
}

export type { CrfOptions };
