/** The builder that a user writes models with: every block as a method. */

import { UsageError } from '../errors.js';
import { AdaptiveSoftmax, adaptiveParameters } from './adaptiveSoftmax.js';
import type { NodeOptions } from './builder.js';
import { CellBuilder } from './cellBuilder.js';
import { Crf, CRF_PARAMETERS } from './crf.js';
import type {
  AdaptiveSoftmaxOptions,
  AttentionOptions,
  AttentionPoolOptions,
  Conv1dOptions,
  CrfOptions,
  DropoutOptions,
  EmbeddingOptions,
  GruOptions,
  LayerNormOptions,
  LinearOptions,
  LstmOptions,
  PoolOptions,
  RecurrentOptions,
  ReplaceIdsOptions,
  RnnOptions,
  SliceOptions,
  SumOptions,
} from './options.js';
import type {
  AttentionValue,
  Family,
  IdsValue,
  LstmValue,
  MatrixValue,
  RecurrentValue,
  ScalarValue,
  Value,
} from './value.js';

/**
 * Builds a spec out of blocks. Each method adds a node and returns what it gives; entries name the
 * values that are wanted, and share the nodes that they have in common.
 *
 * @example
 * const s = new SpecBuilder();
 * const tokens = s.axis('tokens');
 * const words = s.ids('words', { axis: tokens, size: 20_000 });
 * const tags = s.ids('tags', { axis: tokens, size: 9 });
 * const x = s.dropout(s.embedding(words, { embeddingSize: 100 }), { p: 0.5 });
 * const h = s.lstm(x, { hiddenSize: 100, bidirectional: true });
 * const logits = s.linear(h, { outputSize: 9 });
 * const spec = s
 *   .entry('train', { loss: s.crossEntropy(logits, tags) })
 *   .entry('predict', { logits })
 *   .build();
 */
export class SpecBuilder extends CellBuilder {
  #matrix(type: string, inputs: readonly Value[], options: NodeOptions): MatrixValue {
    return this.node(type, inputs, { y: 'matrix' }, { ...options }).y;
  }

  /** Looks rows of a table up. Parameter: `weight`, which may be `sparse`. */
  embedding(ids: IdsValue, options: EmbeddingOptions): MatrixValue {
    return this.#matrix('embedding', [ids], options);
  }

  /** Drops numbers in training; the identity otherwise. */
  dropout(x: MatrixValue, options: DropoutOptions = {}): MatrixValue {
    return this.#matrix('dropout', [x], options);
  }

  /**
   * Replaces rare ids by another in training, so that the model learns what an unknown word looks
   * like (Lample et al. 2016).
   */
  replaceIds(ids: IdsValue, options: ReplaceIdsOptions): IdsValue {
    return this.node('replace_ids', [ids], { y: 'ids' }, { ...options }).y;
  }

  /** `x · weightᵀ + bias`. Parameters: `weight`, `bias`. */
  linear(x: MatrixValue, options: LinearOptions): MatrixValue {
    return this.#matrix('linear', [x], options);
  }

  /** A simple recurrent layer (Elman 1990). Parameters: `weight_ih_l0`, `weight_hh_l0_reverse` … */
  rnn(x: MatrixValue, options: RnnOptions): RecurrentValue {
    return this.#recurrent('rnn', x, options);
  }

  /** A GRU (Cho et al. 2014). Parameters as PyTorch's, gates in the order r, z, n. */
  gru(x: MatrixValue, options: GruOptions): RecurrentValue {
    return this.#recurrent('gru', x, options);
  }

  #recurrent(type: string, x: MatrixValue, { h0, ...options }: RecurrentOptions): RecurrentValue {
    const inputs = h0 === undefined ? [x] : [x, h0];
    const { y, hN } = this.node(type, inputs, { y: 'matrix', hN: 'matrix' }, { ...options });
    return { ...y, hN };
  }

  /**
   * An LSTM (Hochreiter & Schmidhuber 1997). Parameters as PyTorch's, gates in the order i, f, g, o. With
   * `projSize` its state is projected (Sak et al. 2014): `h` has so many numbers, `c` has `hiddenSize`.
   *
   * ```text
   * i, f, o = σ(W x + R h + b), g = tanh(W x + R h + b), each with weights of its own
   * c' = f ⊙ c + i ⊙ g
   * h' = o ⊙ tanh(c'), or P (o ⊙ tanh(c')) with `weight_hr` as P
   * ```
   *
   * @example
   * const h = s.lstm(x, { name: 'encoder', hiddenSize: 128, layers: 2, bidirectional: true });
   * const sentence = s.linear(h.hN, { outputSize: 2 });
   */
  lstm(x: MatrixValue, { h0, c0, ...options }: LstmOptions): LstmValue {
    const states = [h0, c0].filter((state) => state !== undefined);
    const outputs = { y: 'matrix', hN: 'matrix', cN: 'matrix' } as const;
    const { y, hN, cN } = this.node('lstm', [x, ...states], outputs, { ...options });
    return { ...y, hN, cN };
  }

  /** Layer norm (Ba et al. 2016). Parameters: `weight`, `bias`. */
  layerNorm(x: MatrixValue, options: LayerNormOptions = {}): MatrixValue {
    return this.#matrix('layer_norm', [x], options);
  }

  /** Matrices of the same rows, side by side. */
  concat(xs: readonly MatrixValue[], options: NodeOptions = {}): MatrixValue {
    return this.#matrix('concat', xs, options);
  }

  /** The sum of two matrices, element by element, or of two losses. */
  add<T extends MatrixValue | ScalarValue>(a: T, b: T, options: NodeOptions = {}): T {
    return this.sum([a, b], options);
  }

  /**
   * The weighted sum of matrices, element by element, or of losses: several tasks are
   * trained at once by the sum of their losses (Caruana 1997). A row that lacks the answer of one task
   * has the `ignoreIndex` of that task's ids, and counts for the others alone.
   *
   * @throws UsageError (`invalid_spec`) for none
   *
   * @example
   * const intents = s.ids('intents', { size: 5, ignoreIndex: -1 });
   * const tags = s.ids('tags', { axis: tokens, size: 9, ignoreIndex: -1 });
   * const [intent, slots] = [s.crossEntropy(logits, intents), s.crf(emissions).loss(tags)];
   * s.entry('train', { loss: s.sum([intent, slots], { weights: [1, 0.5] }), intent, slots });
   */
  sum<T extends MatrixValue | ScalarValue>(xs: readonly T[], options: SumOptions = {}): T {
    const [first] = xs;
    if (first === undefined) throw new UsageError('sum: expected at least one value, given none', { code: 'invalid_spec' });
    return this.node('add', xs, { y: first.kind }, { ...options }).y as T;
  }

  /** The product of two matrices, element by element. */
  mul(a: MatrixValue, b: MatrixValue, options: NodeOptions = {}): MatrixValue {
    return this.#matrix('mul', [a, b], options);
  }

  /** Columns of a matrix. */
  slice(x: MatrixValue, options: SliceOptions): MatrixValue {
    return this.#matrix('slice', [x], options);
  }

  /** A function of each number. */
  activation(
    kind: 'exp' | 'gelu' | 'log' | 'relu' | 'sigmoid' | 'silu' | 'softplus' | 'tanh',
    x: MatrixValue,
    options: NodeOptions = {},
  ): MatrixValue {
    return this.#matrix(kind, [x], options);
  }

  /** Softmax of each row. */
  softmax(x: MatrixValue, options: NodeOptions = {}): MatrixValue {
    return this.#matrix('softmax', [x], options);
  }

  /** The logarithm of the softmax of each row. */
  logSoftmax(x: MatrixValue, options: NodeOptions = {}): MatrixValue {
    return this.#matrix('log_softmax', [x], options);
  }

  /** Mean, maximum or last of the steps of each row. */
  pool(x: MatrixValue, options: PoolOptions): MatrixValue {
    return this.#matrix('pool', [x], options);
  }

  /** A convolution over the steps of each row. Parameters: `weight`, `bias`. */
  conv1d(x: MatrixValue, options: Conv1dOptions): MatrixValue {
    return this.#matrix('conv1d', [x], options);
  }

  /**
   * Attention of queries over the steps of `keys`, which are also its values. A query is a row of the
   * batch or a step of another axis.
   *
   * @example
   * const context = s.attention(decoded, encoded, { kind: 'general' });
   * s.entry('explain', { weights: context.weights });
   */
  attention(queries: MatrixValue, keys: MatrixValue, options: AttentionOptions): AttentionValue {
    const outputs = { context: 'matrix', weights: 'matrix' } as const;
    const { context, weights } = this.node('attention', [queries, keys], outputs, { ...options });
    return { ...context, weights };
  }

  /**
   * Attention of one learnt query over the steps of each row (Yang et al. 2016): the context is the sum
   * of a row's steps by their weights. Parameters: `key.weight`, `bias`, `score.weight`.
   *
   * @example
   * const text = s.attentionPool(s.gru(x, { hiddenSize: 50 }), { attentionSize: 50 });
   * s.entry('explain', { weights: text.weights });
   */
  attentionPool(x: MatrixValue, options: AttentionPoolOptions): AttentionValue {
    const outputs = { context: 'matrix', weights: 'matrix' } as const;
    const { context, weights } = this.node('attention', [x], outputs, { kind: 'additive', ...options });
    return { ...context, weights };
  }

  /**
   * A conditional random field over emissions, a column for each tag.
   *
   * @example
   * const crf = s.crf(emissions);
   * s.entry('train', { loss: crf.loss(tags) }).entry('predict', { tags: crf.decode() });
   */
  crf(emissions: MatrixValue, options: CrfOptions = {}): Crf {
    const { name = this.freeName('crf') } = options;
    const shared = { ...options, name };
    const parameters = [...CRF_PARAMETERS];
    this.found(name, parameters);
    const family = (role: string): Family => ({ role, parameters });
    return new Crf({
      loss: (tags, more) =>
        this.link('crf', [emissions, tags], { loss: 'scalar' }, { ...shared, ...more }, family('loss')).loss,
      decode: () => {
        const outputs = { path: 'ids', bestScore: 'matrix' } as const;
        const { path, bestScore } = this.link('crf_decode', [emissions], outputs, shared, family('decode'));
        return { ...path, bestScore };
      },
      marginals: (path) => {
        const outputs = { marginals: 'matrix', logPartition: 'matrix', conditionals: 'matrix' } as const;
        const inputs = path === undefined ? [emissions] : [emissions, path];
        return this.link('crf_marginals', inputs, outputs, shared, family('marginals'));
      },
      nBest: (n) => {
        const outputs = { paths: 'matrix', logProbability: 'matrix', score: 'matrix' } as const;
        return this.link('crf_nbest', [emissions], outputs, { ...shared, n }, family('nbest'));
      },
    });
  }

  /**
   * Softmax over many classes, for instance the words of a large vocabulary, that is cheap because few
   * of them are frequent. Ids are to be ordered from the most frequent class on, as a vocabulary's are.
   *
   * @example
   * const output = s.adaptiveSoftmax(h, { outputSize: 50_000, cutoffs: [2000, 10_000] });
   * s.entry('train', { loss: output.loss(next) }).entry('predict', { logProb: output.logProb() });
   */
  adaptiveSoftmax(x: MatrixValue, options: AdaptiveSoftmaxOptions): AdaptiveSoftmax {
    const { name = this.freeName('adaptive_softmax') } = options;
    const shared = { ...options, name };
    const parameters = adaptiveParameters(options);
    this.found(name, parameters);
    const family = (role: string): Family => ({ role, parameters });
    return new AdaptiveSoftmax({
      loss: (target, more) =>
        this.link('adaptive_softmax', [x, target], { loss: 'scalar' }, { ...shared, ...more }, family('loss')).loss,
      logProb: () => this.link('adaptive_log_softmax', [x], { y: 'matrix' }, shared, family('log_prob')).y,
    });
  }
}
