/** The states of all tokens of a text to one vector. */

import type { MatrixValue } from '../../spec/value.js';
import type { TextGraph } from './graph.js';
import type { TextSettings } from './options.js';

/** `max`imum or `mean` over time, the `last` state of each direction, or `attention` of a learnt query. */
export const POOLINGS = ['max', 'mean', 'last', 'attention'] as const;

/** One of {@link POOLINGS}. */
export type Pooling = (typeof POOLINGS)[number];

/** What pooling depends on. */
export interface PoolingSettings extends Pick<TextSettings, 'hiddenSize' | 'layers'> {
  pooling: Pooling;
  bidirectional: boolean;
}

/** One vector for each text; with attention, the weight of each token, too. */
export function pooledStates(
  { builder: s, states }: TextGraph,
  { pooling, hiddenSize, layers, bidirectional }: PoolingSettings,
): { pooled: MatrixValue; weights?: MatrixValue } {
  if (pooling === 'attention') {
    const context = s.attentionPool(states, { name: 'attention', attentionSize: hiddenSize });
    return { pooled: context, weights: context.weights };
  }
  if (pooling !== 'last') return { pooled: s.pool(states, { name: 'pool', kind: pooling }) };
  // The last state of a direction is that of the end it reads towards; the last layer stands last.
  const width = bidirectional ? 2 * hiddenSize : hiddenSize;
  return { pooled: s.slice(states.hN, { name: 'last', start: (layers - 1) * width, end: layers * width }) };
}
