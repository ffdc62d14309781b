/** Texts and labels to the numbers that the model reads. */

import type { Batch } from '../../training/batch.js';
import { TokenEncoder, type Vocabularies } from '../text/encoder.js';
import type { ClassifierSizes } from './graph.js';
import type { LabelledText } from './labelled.js';
import type { ClassifierSettings } from './options.js';

/** Vocabularies and labels of a classifier. */
export class ClassifierEncoder extends TokenEncoder {
  /** Labels in the order of their ids. */
  readonly labels: readonly string[];
  readonly #multi: boolean;
  readonly #smoothing: number;
  readonly #ids: ReadonlyMap<string, number>;

  constructor(
    { kind, labelSmoothing }: Pick<ClassifierSettings, 'kind' | 'labelSmoothing'>,
    labels: readonly string[],
    vocabularies: Vocabularies,
  ) {
    super(vocabularies);
    this.labels = labels;
    this.#multi = kind === 'multi';
    this.#smoothing = labelSmoothing;
    this.#ids = new Map(labels.map((label, id) => [label, id]));
  }

  /** What the spec needs to know of all this. */
  override get sizes(): ClassifierSizes {
    return { ...super.sizes, labels: this.labels.length };
  }

  /** A batch to train on. */
  labelledBatch(texts: readonly LabelledText[]): Batch {
    const batch = this.batch(texts.map(({ document }) => document.words()));
    const target = this.#multi ? { labels: this.#decisions(texts) } : { label: texts.map(({ labels: [label] }) => this.#id(label)) };
    return { ...batch, inputs: { ...batch.inputs, ...target } };
  }

  /** For each text and label whether it has that label: `[texts, labels]`, smoothed towards a half. */
  #decisions(texts: readonly LabelledText[]): Float32Array {
    const decisions = new Float32Array(texts.length * this.labels.length).fill(this.#smoothing / 2);
    texts.forEach(({ labels }, row) => {
      for (const label of labels) decisions[row * this.labels.length + this.#id(label)] = 1 - this.#smoothing / 2;
    });
    return decisions;
  }

  #id(label: string | undefined): number {
    return this.#ids.get(label ?? '') ?? 0;
  }
}
