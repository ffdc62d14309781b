/** The spec of a tagger: what reads text → linear → CRF. */

import { entryOf, type Init } from '../../spec/builder.js';
import type { EntrySpec, Spec } from '../../spec/spec.js';
import type { SpecBuilder } from '../../spec/specBuilder.js';
import type { IdsValue, MatrixValue } from '../../spec/value.js';
import { TextGraph, type TextSizes } from '../text/graph.js';
import type { TaggerSettings } from './options.js';

/** What the spec depends on beside the settings. */
export interface TaggerSizes extends TextSizes {
  /** The tags in the order of their ids. */
  tags: readonly string[];
}

/** A tagger's graph up to its emissions: a score for each tag at each token. */
class TaggerGraph {
  readonly builder: SpecBuilder;
  readonly tags: IdsValue;
  readonly emissions: MatrixValue;
  readonly #settings: TaggerSettings;
  readonly #sizes: TaggerSizes;

  constructor(settings: TaggerSettings, sizes: TaggerSizes, init?: Init) {
    this.#settings = settings;
    this.#sizes = sizes;
    const text = new TextGraph(settings, sizes, { init });
    const s = (this.builder = text.builder);
    this.tags = s.ids('tags', { axis: text.tokens, size: sizes.tags.length });
    const h = text.dropped(text.states, 'output_dropout');
    this.emissions = s.linear(h, { name: 'linear', outputSize: sizes.tags.length });
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
 * @param init how word vectors start; default as the settings say
 */
export function taggerSpec(settings: TaggerSettings, sizes: TaggerSizes, init?: Init): Spec {
  const graph = new TaggerGraph(settings, sizes, init);
  const { builder: s, emissions } = graph;
  const { loss } = s.node('crf', [emissions, graph.tags], { loss: 'scalar' }, { name: 'crf', ...graph.crf });
  const { tags } = s.node('crf_decode', [emissions], { tags: 'ids' }, { name: 'crf_decode', ...graph.sharedCrf });
  const { marginals, conditionals } = s.node(
    'crf_marginals',
    [emissions, tags],
    { marginals: 'matrix', conditionals: 'matrix' },
    { name: 'crf_marginals', ...graph.sharedCrf },
  );
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
