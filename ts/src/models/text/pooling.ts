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
  /** Whether numbers are dropped behind pooling rather than before it. */
  pooledDropout: boolean;
}

/**
 * One vector for each text; with attention, the weight of each token, too.
 *
 * @param name of the dropout
 */
export function pooledStates(
  text: TextGraph,
  { pooling, hiddenSize, layers, bidirectional, pooledDropout }: PoolingSettings,
  name: string,
): { pooled: MatrixValue; weights?: MatrixValue } {
  const { builder: s, states } = text;
  const before = (x: MatrixValue): MatrixValue => (pooledDropout ? x : text.dropped(x, name));
  const behind = (x: MatrixValue): MatrixValue => (pooledDropout ? text.dropped(x, name) : x);
  if (pooling === 'attention') {
    const context = s.attentionPool(before(states), { name: 'attention', attentionSize: hiddenSize });
    return { pooled: behind(context), weights: context.weights };
  }
  if (pooling !== 'last') return { pooled: behind(s.pool(before(states), { name: 'pool', kind: pooling })) };
  // The last state of a direction is that of the end it reads towards; the last layer stands last.
  const width = bidirectional ? 2 * hiddenSize : hiddenSize;
  const last = s.slice(states.hN, { name: 'last', start: (layers - 1) * width, end: layers * width });
  return { pooled: text.dropped(last, name) };
}
