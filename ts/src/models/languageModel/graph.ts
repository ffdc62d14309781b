/** The spec of a language model: embedding → layers → a score for every token. */

import { UsageError } from '../../errors.js';
import type { Init } from '../../spec/builder.js';
import type { Spec } from '../../spec/spec.js';
import { SpecBuilder } from '../../spec/specBuilder.js';
import type { AdaptiveSoftmax } from '../../spec/adaptiveSoftmax.js';
import type { IdsValue, MatrixValue, ScalarValue } from '../../spec/value.js';
import { CELLS, type States } from './architecture.js';
import type { LanguageModelSettings } from './options.js';

/** Id of a target that does not count. */
export const IGNORED = -1;
/** Name of the token table. */
export const EMBEDDING = 'embedding';

/** Name of what scores tokens. */
const OUTPUT = 'output';
/** By what the numbers of a state become fewer from one part of an adaptive softmax to the next. */
const NARROWING = 4;
/** How vectors start that are both read and told apart by (Zaremba et al. 2014). */
const TIED: Init = { kind: 'uniform', low: -0.1, high: 0.1 };

/**
 * The whole spec. Axis: `tokens`; inputs: `tokens`, `targets`, and the states that recurrent layers carry
 * from call to call, `h1`, `c1` … Entries:
 * - `train` (output `loss`; where that is not nats a token alone, `nats`, too), and `adapt`, whose `loss`
 *   is nats a token without dropout;
 * - `score` (output `logProbs`, of every token behind each token), and `recall`, which has the last layer's
 *   `states`, too;
 * - `next` (output `logProbs`, of every token behind the last token of each row).
 *
 * @param size one more than the largest id of a token
 * @throws UsageError (`bad_option`) for more `cutoffs` than states are wide enough for
 */
export function languageModelSpec(settings: LanguageModelSettings, size: number): Spec {
  const training = new LanguageGraph(settings, size, true);
  const plain = new LanguageGraph(settings, size, false);
  const score = new LanguageGraph(settings, size, false);
  const recall = new LanguageGraph(settings, size, false);
  const next = new LanguageGraph(settings, size, false);
  const specs = [
    training.named('train', training.regularizedLoss()),
    plain.named('adapt', { loss: plain.loss() }),
    score.named('score', { logProbs: score.logProbs(false) }),
    recall.named('recall', { logProbs: recall.logProbs(false), states: recall.states }),
    next.named('next', { logProbs: next.logProbs(true) }),
  ];
  // Graphs of their own, whose nodes have one name: they share the parameters.
  const entries = Object.assign({}, ...specs.map((spec) => spec.entries)) as Spec['entries'];
  return { ...(specs[0] as Spec), entries };
}

/** The graph of one entry. */
class LanguageGraph {
  readonly #builder = new SpecBuilder();
  readonly #settings: LanguageModelSettings;
  readonly #size: number;
  readonly #dropping: boolean;
  readonly #targets: IdsValue;
  /** Vectors of the tokens. */
  readonly #vectors: MatrixValue;
  /** What the last layer says of each step. */
  readonly states: MatrixValue;
  /** That after dropout. */
  readonly #kept: MatrixValue;
  /** What state inputs are behind the last step. */
  readonly #carry: { [state: string]: MatrixValue } = {};

  constructor(settings: LanguageModelSettings, size: number, dropping: boolean) {
    const { embeddingSize, embeddingDropout, inputDropout, outputDropout, tieWeights, architecture } = settings;
    this.#settings = settings;
    this.#size = size;
    this.#dropping = dropping;
    const s = this.#builder;
    const axis = s.axis('tokens');
    const tokens = s.ids('tokens', { axis, size });
    this.#targets = s.ids('targets', { axis, size, ignoreIndex: IGNORED });
    const parameters = tieWeights ? { weight: { init: TIED } } : {};
    const dropout = dropping && embeddingDropout > 0 ? { dropout: embeddingDropout } : {};
    const vectors = s.embedding(tokens, { name: EMBEDDING, embeddingSize, parameters, ...dropout });
    this.#vectors = this.#dropped(vectors, 'input_dropout', inputDropout);
    this.states = architecture === 'feedForward' ? this.#feedForward() : this.#recurrent(architecture);
    this.#kept = this.#dropped(this.states, 'output_dropout', outputDropout);
  }

  #dropped(x: MatrixValue, name: string, p: number): MatrixValue {
    const locked = this.#settings.lockedDropout;
    return this.#dropping && p > 0 ? this.#builder.dropout(x, { name, p, ...(locked ? { locked } : {}) }) : x;
  }

  /** Layer upon layer, with dropout between two. */
  #layers(layer: (x: MatrixValue, number: number) => MatrixValue): MatrixValue {
    const { layers, dropout } = this.#settings;
    let x = this.#vectors;
    for (let number = 1; number <= layers; number += 1) {
      const below = number === 1 ? x : this.#dropped(x, `dropout${number - 1}`, dropout);
      x = layer(below, number);
    }
    return x;
  }

  #recurrent(architecture: keyof typeof CELLS): MatrixValue {
    const { embeddingSize, hiddenSize, weightDrop } = this.#settings;
    const s = this.#builder;
    const cell = CELLS[architecture];
    return this.#layers((x, number) => {
      const sizes = { inputSize: number === 1 ? embeddingSize : hiddenSize, hiddenSize };
      const name = `${architecture}${number}`;
      const states = Object.entries(cell.states).map(([state, width]) => [state, s.state(`${state}${number}`, { width: sizes[width] })]);
      const { y, finals } = cell.layer(s, x, { name, ...sizes }, Object.fromEntries(states) as States);
      for (const [state, value] of Object.entries(finals)) this.#carry[`${state}${number}`] = value;
      for (const weight of weightDrop > 0 ? cell.recurrent : []) s.parameter(`${name}${weight}`, { drop: weightDrop });
      return y;
    });
  }

  /** The last tokens through hidden layers (Bengio et al. 2003). */
  #feedForward(): MatrixValue {
    const { hiddenSize: outputSize, context: kernelSize } = this.#settings;
    const s = this.#builder;
    return this.#layers((x, number) => {
      const name = `hidden${number}`;
      const hidden = number === 1 ? s.conv1d(x, { name, outputSize, kernelSize, padding: 'causal' }) : s.linear(x, { name, outputSize });
      return s.activation('tanh', hidden);
    });
  }

  /** A matrix of steps, or, with `last`, of the last step of each row. */
  #chosen(x: MatrixValue, last: boolean): MatrixValue {
    return last ? this.#builder.pool(x, { kind: 'last' }) : x;
  }

  /** A score for every token. */
  #logits(last: boolean): MatrixValue {
    const { tieWeights, embeddingSize, hiddenSize, direct, context } = this.#settings;
    const s = this.#builder;
    const projected = tieWeights && hiddenSize !== embeddingSize;
    const states = this.#chosen(this.#kept, last);
    const x = projected ? s.linear(states, { name: 'projection', outputSize: embeddingSize, bias: false }) : states;
    const share = tieWeights ? { share: { weight: `${EMBEDDING}.weight` } } : {};
    const logits = s.linear(x, { name: OUTPUT, outputSize: this.#size, ...share });
    if (!direct) return logits;
    const seen = { name: 'direct', outputSize: this.#size, kernelSize: context, padding: 'causal', bias: false } as const;
    return s.add(logits, this.#chosen(s.conv1d(this.#vectors, seen), last));
  }

  /** A softmax that is parted by frequency; none where the vocabulary is not. */
  #adaptive(last: boolean): AdaptiveSoftmax | undefined {
    const cutoffs = (this.#settings.cutoffs ?? []).filter((cutoff) => cutoff < this.#size);
    if (cutoffs.length === 0) return undefined;
    const least = NARROWING ** cutoffs.length;
    if (this.#settings.hiddenSize < least) throw UsageError.option('hiddenSize', this.#settings.hiddenSize, `at least ${least} beside ${cutoffs.length} cutoffs`);
    return this.#builder.adaptiveSoftmax(this.#chosen(this.#kept, last), { name: OUTPUT, outputSize: this.#size, cutoffs, divValue: NARROWING });
  }

  /** Nats a token. */
  loss(): ScalarValue {
    return this.#adaptive(false)?.loss(this.#targets) ?? this.#builder.crossEntropy(this.#logits(false), this.#targets);
  }

  /** What training makes small: nats a token, and what keeps states small and slow. */
  regularizedLoss(): { loss: ScalarValue; nats?: ScalarValue } {
    const { activationRegularization: alpha, temporalActivationRegularization: beta } = this.#settings;
    const s = this.#builder;
    const nats = this.loss();
    const terms: [number, ScalarValue][] = [[1, nats]];
    if (alpha > 0) terms.push([alpha, s.activationRegularization(this.#kept)]);
    if (beta > 0) terms.push([beta, s.temporalActivationRegularization(this.states)]);
    if (terms.length === 1) return { loss: nats };
    return { loss: s.sum(terms.map(([, term]) => term), { weights: terms.map(([weight]) => weight) }), nats };
  }

  /** The logarithm of the probability of every token. */
  logProbs(last: boolean): MatrixValue {
    return this.#adaptive(last)?.logProb() ?? this.#builder.logSoftmax(this.#logits(last));
  }

  /** The spec of this one entry. */
  named(name: string, outputs: Parameters<SpecBuilder['entry']>[1]): Spec {
    return this.#builder.entry(name, outputs, { carry: this.#carry }).build();
  }
}
