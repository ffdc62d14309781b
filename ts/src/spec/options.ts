/** Options of the blocks, in the names of this library; the wire's are in `wire.ts`. */

import type { NodeOptions } from './builder.js';
import type { MatrixValue } from './value.js';

/** Options of an embedding. */
export interface EmbeddingOptions extends NodeOptions {
  embeddingSize: number;
  /** An id whose row starts as zeros and is not trained. */
  paddingIdx?: number;
  /**
   * Share of the ids whose rows are zeros in a training step, wherever they occur in the batch, while
   * others are scaled up (Gal & Ghahramani 2016). Default 0.
   */
  dropout?: number;
}

/** Options of dropout. */
export interface DropoutOptions extends NodeOptions {
  /** The share of numbers dropped in training. Default 0.5. */
  p?: number;
  /** Whether all steps of a row drop the same units (Gal & Ghahramani 2016). Default false. */
  locked?: boolean;
}

/** Options of a replacement of ids. */
export interface ReplaceIdsOptions extends NodeOptions {
  /** Ids from this one on are replaced. */
  from: number;
  /** What they are replaced by. */
  with: number;
  /** How often. Default 0.5. */
  probability?: number;
}

/** Options of a linear layer. */
export interface LinearOptions extends NodeOptions {
  outputSize: number;
  /** Default true. */
  bias?: boolean;
}

/** Options of every recurrent layer. */
export interface RecurrentOptions extends NodeOptions {
  /** Units for each direction. */
  hiddenSize: number;
  /** Layers on top of each other. Default 1. */
  layers?: number;
  /** Default false. */
  bidirectional?: boolean;
  /** Default true. */
  bias?: boolean;
  /** Share of numbers dropped between layers in training. Default 0. */
  dropout?: number;
  /** State to begin with, for each row: all layers and directions side by side. Default zeros. */
  h0?: MatrixValue;
}

/** Options of a simple recurrent layer. */
export interface RnnOptions extends RecurrentOptions {
  /** Default `tanh`. */
  nonlinearity?: 'tanh' | 'relu';
}

/** Options of an LSTM. */
export interface LstmOptions extends RecurrentOptions {
  /** Cell state to begin with, beside `h0`. */
  c0?: MatrixValue;
  /** Units that the hidden state is projected to. Default none. */
  projSize?: number;
  /** What the forget gate's bias starts with (Jozefowicz et al. 2015). Default PyTorch's. */
  forgetBias?: number;
}

/** Options of a GRU. */
export interface GruOptions extends RecurrentOptions {
  /**
   * Whether the reset gate applies after the recurrent product, as in PyTorch and cuDNN, or before it
   * (Cho et al. 2014). Default true.
   */
  resetAfter?: boolean;
}

/** Options of layer norm. */
export interface LayerNormOptions extends NodeOptions {
  /** Default 1e-5. */
  eps?: number;
}

/** Options of a slice. */
export interface SliceOptions extends NodeOptions {
  /** First column. Default 0. */
  start?: number;
  /** One past the last column. Default the width. */
  end?: number;
}

/** Options of a sum. */
export interface SumOptions extends NodeOptions {
  /** A factor for each term. Default 1 each. */
  weights?: readonly number[];
  /** What every number of a sum of matrices is moved by. Default 0. */
  shift?: number;
}

/** Options of a linear recurrence. */
export interface LinearScanOptions {
  /** Default `scan`, with a number from the second on. */
  name?: string;
  /** Width of `a`, `b` and the state. */
  hiddenSize: number;
  /** State to begin with, for each row. Default zeros. */
  h0?: MatrixValue | undefined;
  /** Whether each row runs from its last step to its first. Default false. */
  reverse?: boolean;
}

/** Options of pooling over time. */
export interface PoolOptions extends NodeOptions {
  kind: 'mean' | 'max' | 'last';
}

/** Options of a convolution over time. */
export interface Conv1dOptions extends NodeOptions {
  outputSize: number;
  kernelSize: number;
  /**
   * What a window sees: `same` as many steps before its own as behind it, `causal` none behind it; or
   * the number of zeros at either end, which must keep the length of rows. Default `same`.
   */
  padding?: 'same' | 'causal' | number;
  /** Default true. */
  bias?: boolean;
}

/** Options of attention. */
export interface AttentionOptions extends NodeOptions {
  /**
   * `additive` (Bahdanau et al. 2015), `general` and `dot` (Luong et al. 2015), `scaled_dot` (Vaswani
   * et al. 2017).
   */
  kind: 'additive' | 'general' | 'dot' | 'scaled_dot';
  /** Width of the hidden layer of `additive`. */
  attentionSize?: number;
}

/** Options of attention pooling. */
export interface AttentionPoolOptions extends NodeOptions {
  /** Width of the hidden layer that scores the steps. */
  attentionSize: number;
}

/** Options of a conditional random field. */
export interface CrfOptions extends NodeOptions {
  /**
   * What cannot be: everything that a scheme forbids, with the tags in the order of their ids; or masks
   * of what is allowed, ones and zeros, the transitions row by row.
   */
  constraints?:
    | { readonly scheme: 'bio' | 'bioes' | 'bmes'; readonly tags: readonly string[] }
    | {
        readonly start: readonly number[];
        readonly transitions: readonly number[];
        readonly end: readonly number[];
      };
}

/** Options of a loss of a conditional random field. */
export interface CrfLossOptions {
  /** Whether the loss is the mean over rows, their sum, or the mean over steps. Default `mean`. */
  reduction?: 'mean' | 'sum' | 'token_mean';
}

/** Options of an adaptive softmax. */
export interface AdaptiveSoftmaxOptions extends NodeOptions {
  /** Number of classes, whose ids are smaller for more frequent ones. */
  outputSize: number;
  /** The first class of each tail, in rising order: `[2000, 10_000]` are a head and two tails. */
  cutoffs: readonly number[];
  /** By how much the numbers that a tail sees of a row are fewer than those of the one before. Default 4. */
  divValue?: number;
}

/** Options of losses. */
export interface LossOptions extends NodeOptions {
  /** Whether the loss is the mean over all that counts in the batch, or the sum. Default `mean`. */
  reduction?: 'mean' | 'sum';
}

/** Options of cross-entropy. */
export interface CrossEntropyOptions extends LossOptions {
  /** Part of the target that is spread over all classes. Default 0. */
  labelSmoothing?: number;
  /** A weight for each class. */
  classWeights?: readonly number[];
}

/** Options of binary cross-entropy. */
export interface BceOptions extends LossOptions {
  /** For each column what the loss of targets that are met counts for. Default 1. */
  posWeight?: readonly number[];
}

/** Options of the Huber loss. */
export interface HuberOptions extends LossOptions {
  /** Where the loss turns from a square into a line. Default 1. */
  delta?: number;
}

/** Options of the Gaussian negative log-likelihood. */
export interface GaussianNllOptions extends LossOptions {
  /** Whether the constant term counts. Default false. */
  full?: boolean;
  /** The least variance. Default 1e-6. */
  eps?: number;
}

/** Options of the quantile loss. */
export interface QuantileOptions extends LossOptions {
  /** Each between 0 and 1. */
  quantiles: readonly number[];
}
