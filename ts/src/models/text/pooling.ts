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

/**
 * One vector for each text; with attention, the weight of each token, too. Numbers are dropped before
 * pooling: each token may then count without the others, which generalises better than after it.
 *
 * @param name of the dropout
 */
export function pooledStates(
  text: TextGraph,
  { pooling, hiddenSize, layers, bidirectional }: PoolingSettings,
  name: string,
): { pooled: MatrixValue; weights?: MatrixValue } {
  const { builder: s, states } = text;
  if (pooling === 'attention') {
    const context = s.attentionPool(text.dropped(states, name), { name: 'attention', attentionSize: hiddenSize });
    return { pooled: context, weights: context.weights };
  }
  if (pooling !== 'last') return { pooled: s.pool(text.dropped(states, name), { name: 'pool', kind: pooling }) };
  // The last state of a direction is that of the end it reads towards; the last layer stands last.
  const width = bidirectional ? 2 * hiddenSize : hiddenSize;
  const last = s.slice(states.hN, { name: 'last', start: (layers - 1) * width, end: layers * width });
  return { pooled: text.dropped(last, name) };
}
