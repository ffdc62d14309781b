/** The losses of the builder. */

import { GraphBuilder } from './builder.js';
import type {
  BceOptions,
  CrossEntropyOptions,
  GaussianNllOptions,
  HuberOptions,
  LossOptions,
  QuantileOptions,
} from './options.js';
import type { IdsValue, MatrixValue, ScalarValue, Value } from './value.js';

/** Links losses: a number over the whole batch each. */
export class LossBuilder extends GraphBuilder {
  #loss(type: string, inputs: readonly Value[], options: LossOptions): ScalarValue {
    return this.node(type, inputs, { loss: 'scalar' }, { ...options }).loss;
  }

  /**
   * Activation regularisation (AR, Merity et al. 2017): the mean of the squares of what the steps of an
   * axis have, which keeps activations small.
   *
   * @example
   * const losses = [s.crossEntropy(logits, next), s.activationRegularization(dropped), s.temporalActivationRegularization(h)];
   * s.entry('train', { loss: s.sum(losses, { weights: [1, 2, 1] }) }); // AWD-LSTM's alpha and beta
   */
  activationRegularization(x: MatrixValue, options: LossOptions = {}): ScalarValue {
    return this.#loss('activation_regularization', [x], options);
  }

  /**
   * Temporal activation regularisation (TAR, Merity et al. 2017): the mean of the squares of the changes
   * from one step of a row to the next, which keeps activations slow.
   */
  temporalActivationRegularization(x: MatrixValue, options: LossOptions = {}): ScalarValue {
    const all = { temporal: true, ...options };
    return this.node('activation_regularization', [x], { loss: 'scalar' }, all).loss;
  }

  /** Cross-entropy of logits and class ids; rows of the ids' `ignoreIndex` do not count. 0 if none does. */
  crossEntropy(logits: MatrixValue, target: IdsValue, options: CrossEntropyOptions = {}): ScalarValue {
    return this.#loss('cross_entropy', [logits, target], options);
  }

  /** Binary cross-entropy of logits and targets between 0 and 1. */
  bceWithLogits(logits: MatrixValue, target: MatrixValue, options: BceOptions = {}): ScalarValue {
    return this.#loss('bce_with_logits', [logits, target], options);
  }

  /** Squared error. */
  mse(prediction: MatrixValue, target: MatrixValue, options: LossOptions = {}): ScalarValue {
    return this.#loss('mse', [prediction, target], options);
  }

  /** Absolute error. */
  l1(prediction: MatrixValue, target: MatrixValue, options: LossOptions = {}): ScalarValue {
    return this.#loss('l1', [prediction, target], options);
  }

  /** Squared error for small differences, absolute error for large ones. */
  huber(prediction: MatrixValue, target: MatrixValue, options: HuberOptions = {}): ScalarValue {
    return this.#loss('huber', [prediction, target], options);
  }

  /** Negative log-likelihood of a normal distribution with mean and variance. */
  gaussianNll(
    mean: MatrixValue,
    variance: MatrixValue,
    target: MatrixValue,
    options: GaussianNllOptions = {},
  ): ScalarValue {
    return this.#loss('gaussian_nll', [mean, variance, target], options);
  }

  /** Negative log-likelihood of Student's distribution with degrees of freedom, location and scale. */
  studentTNll(
    df: MatrixValue,
    loc: MatrixValue,
    scale: MatrixValue,
    target: MatrixValue,
    options: LossOptions = {},
  ): ScalarValue {
    return this.#loss('student_t_nll', [df, loc, scale, target], options);
  }

  /**
   * Quantile (pinball) loss. The prediction has a column for each quantile of each column of the
   * target, quantiles innermost.
   */
  quantile(prediction: MatrixValue, target: MatrixValue, options: QuantileOptions): ScalarValue {
    return this.#loss('quantile', [prediction, target], options);
  }
}
