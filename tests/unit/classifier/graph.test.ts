import { describe, expect, test } from 'vitest';
import { classifierSpec } from '../../../ts/src/models/classifier/graph.js';
import { modelSettings, type ClassifierModelOptions, type ClassifierSettings } from '../../../ts/src/models/classifier/options.js';
import type { NodeSpec } from '../../../ts/src/spec/spec.js';

const sizes = { words: 10, firstSingleton: 8, characters: 0, labels: 3 };

/** The nodes that training runs, by name. */
function nodes(options: ClassifierModelOptions, kind: ClassifierSettings['kind'] = 'single'): { readonly [name: string]: NodeSpec } {
  const spec = classifierSpec(modelSettings({ labels: ['a', 'b', 'c'], ...options }, kind, { type: 'default' }, undefined), sizes, undefined);
  return Object.fromEntries((spec.entries['train']?.nodes ?? []).map((node) => [node.name, node]));
}

describe('classifierSpec', () => {
  test('takes the last states of the last layer', () => {
    expect(nodes({ pooling: 'last', layers: 2, hiddenSize: 8 })['last']?.config).toEqual({ start: 16, end: 32 });
    expect(nodes({ pooling: 'last', layers: 2, hiddenSize: 8, bidirectional: false })['last']?.config).toEqual({ start: 8, end: 16 });
  });

  test('drops numbers behind pooling, or before it', () => {
    const inputs = (options: ClassifierModelOptions) => {
      const { output_dropout: dropout, pool, attention } = nodes(options);
      return { dropout: dropout?.inputs, pooled: (pool ?? attention)?.inputs[0] };
    };
    expect(inputs({})).toEqual({ dropout: ['pool'], pooled: 'lstm' });
    expect(inputs({ pooledDropout: false })).toEqual({ dropout: ['lstm'], pooled: 'output_dropout' });
    expect(inputs({ pooling: 'attention' })).toMatchObject({ dropout: ['attention'] });
  });

  test('drops words from the first on, after those seen once', () => {
    const replaced = Object.values(nodes({ wordDropout: 0.2 })).filter(({ type }) => type === 'replace_ids');
    expect(replaced.map(({ config }) => config)).toEqual([
      { from: 8, with: 1, probability: 0.5 },
      { from: 2, with: 1, probability: 0.2 },
    ]);
    expect(Object.values(nodes({})).filter(({ type }) => type === 'replace_ids')).toHaveLength(1);
  });

  test('starts and moves word vectors as it is told', () => {
    const weight = (options: ClassifierModelOptions) =>
      classifierSpec(modelSettings(options, 'single', { type: 'default' }, undefined), sizes, undefined).parameters['embedding.weight'];
    expect(weight({})).toEqual({ sparse: false, init: { kind: 'normal', std: 0.1 } });
    expect(weight({ embeddingStd: 1, sparseEmbedding: true })).toEqual({ sparse: true, init: { kind: 'normal', std: 1 } });
  });

  test('has the loss of its kind', () => {
    expect(nodes({ labelSmoothing: 0.1 })['cross_entropy']?.config).toEqual({ label_smoothing: 0.1 });
    expect(nodes({}, 'multi')['bce_with_logits']?.inputs).toEqual(['linear', 'labels']);
    expect(nodes({}, 'ordinal')['levels']?.inputs).toEqual(['place']);
  });
});
