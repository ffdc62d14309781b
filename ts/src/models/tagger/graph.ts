/** The spec of a tagger: embedding (and characters) → recurrent layers → linear → CRF. */

import { entryOf, type Init } from '../../spec/builder.js';
import type { EntrySpec, Spec } from '../../spec/spec.js';
import { SpecBuilder } from '../../spec/specBuilder.js';
import type { IdsValue, MatrixValue, RecurrentValue } from '../../spec/value.js';
import { Vocabulary } from '../../text/vocabulary.js';
import type { TaggerSettings } from './options.js';

/** What the spec depends on beside the settings. */
export interface TaggerSizes {
  /** Word ids. */
  words: number;
  /** First id of the words seen once. */
  firstSingleton: number;
  /** Character ids; ignored when characters are not read. */
  characters: number;
  /** The tags in the order of their ids. */
  tags: readonly string[];
}

/** Name of the word table. */
export const EMBEDDING = 'embedding';

/** Characters that the convolution sees at once (Ma and Hovy 2016). */
const CHARACTER_KERNEL = 3;

/** A tagger's graph up to its emissions: a score for each tag at each token. */
class TaggerGraph {
  readonly builder = new SpecBuilder();
  readonly tags: IdsValue;
  readonly emissions: MatrixValue;
  readonly #settings: TaggerSettings;
  readonly #sizes: TaggerSizes;

  constructor(settings: TaggerSettings, sizes: TaggerSizes) {
    this.#settings = settings;
    this.#sizes = sizes;
    const s = this.builder;
    const tokens = s.axis('tokens');
    const words = s.ids('words', { axis: tokens, size: sizes.words });
    const spelled =
      settings.characters === 'none'
        ? undefined
        : s.ids('characters', { axis: s.axis('characters', { of: tokens }), size: sizes.characters });
    this.tags = s.ids('tags', { axis: tokens, size: sizes.tags.length });
    const word = this.#embedded(words);
    const x = spelled === undefined ? word : s.concat([word, this.#characters(spelled)], { name: 'word' });
    const h = this.#recurrent(this.#dropped(x, 'input_dropout'));
    this.emissions = s.linear(this.#dropped(h, 'output_dropout'), { name: 'linear', outputSize: sizes.tags.length });
  }

  #embedded(words: IdsValue): MatrixValue {
    const { embeddingSize, unknownProbability, freezeVectors } = this.#settings;
    const from = this.#sizes.firstSingleton;
    const known =
      unknownProbability > 0 && from < this.#sizes.words
        ? this.builder.replaceIds(words, { from, with: Vocabulary.UNKNOWN, probability: unknownProbability })
        : words;
    return this.builder.embedding(known, {
      name: EMBEDDING,
      embeddingSize,
      paddingIdx: Vocabulary.PADDING,
      parameters: { weight: freezeVectors ? { trainable: false } : { sparse: true } },
    });
  }

  #characters(characters: IdsValue): MatrixValue {
    const s = this.builder;
    const { characters: kind, characterEmbeddingSize: embeddingSize, characterHiddenSize: size } = this.#settings;
    const x = s.embedding(characters, { name: 'character_embedding', embeddingSize, paddingIdx: Vocabulary.PADDING });
    if (kind === 'lstm') return s.lstm(x, { name: 'character_lstm', hiddenSize: size, bidirectional: true }).hN;
    const y = s.conv1d(x, { name: 'character_conv', outputSize: size, kernelSize: CHARACTER_KERNEL });
    return s.pool(y, { name: 'character_pool', kind: 'max' });
  }

  #recurrent(x: MatrixValue): RecurrentValue {
    const { cell, hiddenSize, layers, dropout } = this.#settings;
    const between = layers > 1 ? { dropout } : {};
    return this.builder[cell](x, { name: cell, hiddenSize, layers, bidirectional: true, ...between });
  }

  #dropped(x: MatrixValue, name: string): MatrixValue {
    const { dropout: p } = this.#settings;
    return p > 0 ? this.builder.dropout(x, { name, p }) : x;
  }

  /** What every CRF node is told: forbidden transitions never happen, in training or after. */
  get crf(): { constraints: { scheme: string; tags: readonly string[] } } {
    return { constraints: { scheme: this.#settings.scheme.toLowerCase(), tags: this.#sizes.tags } };
  }

  /** As `crf`, for a node that uses the transitions of the loss. */
  get sharedCrf(): TaggerGraph['crf'] & { share: { readonly [parameter: string]: string } } {
    const names = ['transitions', 'start_transitions', 'end_transitions'];
    return { ...this.crf, share: Object.fromEntries(names.map((name) => [name, `crf.${name}`])) };
  }
}

/**
 * The whole spec. Entries: `train` (output `loss`), `decode` (output `tags`) and `predict` (outputs
 * `tags`, `marginals` and `conditionals`).
 *
 * @param init how word vectors start; default PyTorch's way
 */
export function taggerSpec(settings: TaggerSettings, sizes: TaggerSizes, init?: Init): Spec {
  const graph = new TaggerGraph(settings, sizes);
  const { builder: s, emissions } = graph;
  const { loss } = s.node('crf', [emissions, graph.tags], { loss: 'scalar' }, { name: 'crf', ...graph.crf });
  const { tags } = s.node('crf_decode', [emissions], { tags: 'ids' }, { name: 'crf_decode', ...graph.sharedCrf });
  const { marginals, conditionals } = s.node(
    'crf_marginals',
    [emissions, tags],
    { marginals: 'matrix', conditionals: 'matrix' },
    { name: 'crf_marginals', ...graph.sharedCrf },
  );
  if (init !== undefined) s.parameter(`${EMBEDDING}.weight`, { init });
  return s.entry('train', { loss }).entry('decode', { tags }).entry('predict', { tags, marginals, conditionals }).build();
}

/** More paths than this the n-best block does not take. */
export const MOST_PATHS = 1000;

/** The entry that gives the `n` best tag sequences of each sentence, to be added when asked for. */
export function nBestEntry(settings: TaggerSettings, sizes: TaggerSizes, n: number): EntrySpec {
  const graph = new TaggerGraph(settings, sizes);
  const { paths, logProbability } = graph.builder.node(
    'crf_nbest',
    [graph.emissions],
    { paths: 'matrix', logProbability: 'matrix' },
    { name: 'crf_nbest', n, ...graph.sharedCrf },
  );
  return entryOf({ paths, logProbability });
}
