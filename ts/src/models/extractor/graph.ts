/** The spec of an extractor: what reads text → pooling → intents, and → CRF over slots. */

import type { Init } from '../../spec/builder.js';
import type { Spec } from '../../spec/spec.js';
import type { CrfOptions } from '../../spec/options.js';
import type { TaggerSizes } from '../tagger/graph.js';
import { TextGraph } from '../text/graph.js';
import { pooledStates } from '../text/pooling.js';
import type { ExtractorSettings } from './options.js';

/** What the spec depends on beside the settings. */
export interface ExtractorSizes extends TaggerSizes {
  /** Number of intents. */
  intents: number;
}

/** The id of an intent, and of each tag of a request, that is not known. */
export const UNKNOWN = -1;

/**
 * The whole spec. Entries: `train` (outputs `loss`, and the losses `intent` and `slots` that it is the
 * weighted sum of) and `predict` (outputs `intents`, the probabilities of each request's, and a
 * tagger's `tags`, `marginals` and `conditionals`).
 *
 * @param init how word vectors start; default as the settings say
 */
export function extractorSpec(settings: ExtractorSettings, sizes: ExtractorSizes, init?: Init): Spec {
  const { intentWeight, slotWeight } = settings;
  const text = new TextGraph(settings, sizes, { init });
  const s = text.builder;
  const ignoreIndex = UNKNOWN;
  const intent = s.ids('intent', { size: sizes.intents, ignoreIndex });
  const tags = s.ids('tags', { axis: text.tokens, size: sizes.tags.length, ignoreIndex });

  const h = text.dropped(text.states, 'output_dropout');
  const emissions = s.linear(h, { name: 'slot_linear', outputSize: sizes.tags.length });
  const scheme = settings.scheme.toLowerCase() as SchemeName;
  const crf = s.crf(emissions, { name: 'crf', constraints: { scheme, tags: sizes.tags } });

  const { pooled } = pooledStates(text, { ...settings, bidirectional: true, pooledDropout: false }, 'intent_dropout');
  const logits = s.linear(pooled, { name: 'intent_linear', outputSize: sizes.intents });

  const losses = { intent: s.crossEntropy(logits, intent), slots: crf.loss(tags) };
  const loss = s.sum([losses.intent, losses.slots], { name: 'loss', weights: [intentWeight, slotWeight] });
  const path = crf.decode();
  const { marginals, conditionals } = crf.marginals(path);
  return s
    .entry('train', { loss, ...losses })
    .entry('predict', { intents: s.softmax(logits), tags: path, marginals, conditionals })
    .build();
}

type SchemeName = Extract<NonNullable<CrfOptions['constraints']>, { scheme: unknown }>['scheme'];
