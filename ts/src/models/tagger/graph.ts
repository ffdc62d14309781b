/** The spec of a tagger: embedding (and characters) → recurrent layers → linear → CRF. */

import type { EntrySpec, Json, NodeSpec, ParameterSpec, Spec } from '../../spec/spec.js';
import type { TaggerModelSettings } from './options.js';

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

/** Width of the character convolution (Ma and Hovy 2016). */
const CHARACTER_KERNEL = 3;

function node(
  name: string,
  type: string,
  inputs: readonly string[],
  config: { readonly [name: string]: Json } = {},
): NodeSpec {
  return { name, type, inputs, config };
}

/** The nodes from ids to emissions, whose last is `linear`. */
function encoder(settings: TaggerModelSettings, sizes: TaggerSizes, training: boolean): NodeSpec[] {
  const { cell, dropout, characters } = settings;
  const nodes: NodeSpec[] = [];
  const push = (...added: NodeSpec[]): string => {
    nodes.push(...added);
    return nodes.at(-1)?.name ?? '';
  };
  const dropped = (input: string, name: string): string =>
    training && dropout > 0 ? push(node(name, 'dropout', [input], { p: dropout })) : input;

  let words = 'words';
  if (training && settings.unknownProbability > 0 && sizes.firstSingleton < sizes.words) {
    const config = { from: sizes.firstSingleton, with: 1, probability: settings.unknownProbability };
    words = push(node('known_words', 'replace_ids', [words], config));
  }
  let x = push(
    node('embedding', 'embedding', [words], { embedding_size: settings.embeddingSize, padding_idx: 0 }),
  );
  if (characters !== 'none') {
    const embedded = push(
      node('character_embedding', 'embedding', ['characters'], {
        embedding_size: settings.characterEmbeddingSize, padding_idx: 0,
      }),
    );
    const hidden_size = settings.characterHiddenSize;
    const word =
      characters === 'lstm'
        ? `${push(node('character_lstm', 'lstm', [embedded], { hidden_size, bidirectional: true }))}.h_n`
        : push(
            node('character_conv', 'conv1d', [embedded], { output_size: hidden_size, kernel_size: CHARACTER_KERNEL, padding: (CHARACTER_KERNEL - 1) / 2 }),
            node('character_pool', 'pool', ['character_conv'], { kind: 'max' }),
          );
    x = push(node('word', 'concat', [x, word]));
  }
  const recurrent = push(
    node(cell, cell, [dropped(x, 'input_dropout')], {
      hidden_size: settings.hiddenSize,
      num_layers: settings.layers,
      bidirectional: true,
      ...(settings.layers > 1 ? { dropout } : {}),
    }),
  );
  push(node('linear', 'linear', [dropped(recurrent, 'output_dropout')], { output_size: sizes.tags.length }));
  return nodes;
}

/** The CRF's part of a node's config: forbidden transitions never happen, in training or after. */
function constraints(settings: TaggerModelSettings, sizes: TaggerSizes): { readonly [name: string]: Json } {
  return { constraints: { scheme: settings.scheme, tags: sizes.tags } };
}

/**
 * The whole spec. Entries: `train` (output `loss`) and `predict` (outputs `tags`, `marginals` and
 * `conditionals`).
 */
export function taggerSpec(settings: TaggerModelSettings, sizes: TaggerSizes): Spec {
  const crf = constraints(settings, sizes);
  const shared = Object.fromEntries(
    ['transitions', 'start_transitions', 'end_transitions'].map((name) => [name, `crf.${name}`]),
  );
  const parameters: { [name: string]: ParameterSpec } = {
    'embedding.weight': { sparse: !settings.freezeVectors, trainable: !settings.freezeVectors },
  };
  const reads = settings.characters !== 'none';
  return {
    version: 1,
    axes: { tokens: {}, ...(reads ? { characters: { of: 'tokens' } } : {}) },
    inputs: {
      words: { type: 'ids', axis: 'tokens', size: sizes.words },
      ...(reads ? { characters: { type: 'ids', axis: 'characters', size: sizes.characters } as const } : {}),
      tags: { type: 'ids', axis: 'tokens', size: sizes.tags.length },
    },
    parameters,
    entries: {
      train: {
        nodes: [...encoder(settings, sizes, true), node('crf', 'crf', ['linear', 'tags'], crf)],
        outputs: { loss: 'crf' },
      },
      predict: {
        nodes: [
          ...encoder(settings, sizes, false),
          node('crf', 'crf_decode', ['linear'], crf),
          { ...node('crf_marginals', 'crf_marginals', ['linear', 'crf'], crf), share: shared },
        ],
        outputs: { tags: 'crf', marginals: 'crf_marginals', conditionals: 'crf_marginals.conditionals' },
      },
    },
  };
}

/** The entry that gives the `n` best tag sequences of each sentence, to be added when asked for. */
export function nBestEntry(settings: TaggerModelSettings, sizes: TaggerSizes, n: number): EntrySpec {
  return {
    nodes: [
      ...encoder(settings, sizes, false),
      node('crf', 'crf_nbest', ['linear'], { ...constraints(settings, sizes), n }),
    ],
    outputs: { paths: 'crf', log_probabilities: 'crf.log_probability' },
  };
}
