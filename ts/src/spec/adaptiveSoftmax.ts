/** Adaptive softmax: what can be asked of it, over one set of parameters. */

import type { AdaptiveSoftmaxOptions, LossOptions } from './options.js';
import type { IdsValue, MatrixValue, ScalarValue } from './value.js';

/** Parameters of the blocks of an adaptive softmax, in PyTorch's names. */
export function adaptiveParameters({ cutoffs }: AdaptiveSoftmaxOptions): string[] {
  const tails = cutoffs.flatMap((_, tail) => [`tail.${tail}.0.weight`, `tail.${tail}.1.weight`]);
  return ['head.weight', ...tails];
}

/** How an adaptive softmax links its nodes. */
export interface AdaptiveSoftmaxLinks {
  loss(target: IdsValue, options: Pick<LossOptions, 'reduction'>): ScalarValue;
  logProb(): MatrixValue;
}

/**
 * A softmax over many classes of which few are frequent (Grave et al. 2017), made by
 * `SpecBuilder.adaptiveSoftmax`: the head tells the frequent classes apart and chooses a tail, a tail
 * its own classes, from fewer numbers. Parameters are those of PyTorch's `AdaptiveLogSoftmaxWithLoss`.
 *
 * @example
 * const output = s.adaptiveSoftmax(h, { outputSize: 50_000, cutoffs: [2000, 10_000] });
 * s.entry('train', { loss: output.loss(next) }).entry('predict', { logProb: output.logProb() });
 */
export class AdaptiveSoftmax {
  readonly #links: AdaptiveSoftmaxLinks;

  /** Internal: made by `SpecBuilder.adaptiveSoftmax`. */
  constructor(links: AdaptiveSoftmaxLinks) {
    this.#links = links;
  }

  /**
   * The negative log-likelihood of classes, which are an input of the spec; those of the ids'
   * `ignoreIndex` do not count, and the loss is 0 if none does. A row costs the head and the tail of its
   * class.
   */
  loss(target: IdsValue, options: Pick<LossOptions, 'reduction'> = {}): ScalarValue {
    return this.#links.loss(target, options);
  }

  /**
   * The logarithm of the probability of every class. It has no gradient: a loss that is made of it is
   * refused.
   */
  logProb(): MatrixValue {
    return this.#links.logProb();
  }
}
