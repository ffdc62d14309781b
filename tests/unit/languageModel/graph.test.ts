import { describe, expect, test } from 'vitest';
import { languageModelSpec } from '../../../ts/src/models/languageModel/graph.js';
import { modelSettings, type LanguageModelOptions } from '../../../ts/src/models/languageModel/options.js';
import type { NodeSpec } from '../../../ts/src/spec/spec.js';

const spec = (options: LanguageModelOptions) => languageModelSpec(modelSettings({ embeddingSize: 5, hiddenSize: 7, ...options }), 20);
const nodes = (options: LanguageModelOptions, entry: string): readonly NodeSpec[] => spec(options).entries[entry]?.nodes ?? [];
const names = (options: LanguageModelOptions, entry: string): string[] => nodes(options, entry).map(({ name, type }) => (name === type ? name : `${name}: ${type}`));

describe('the graph of a language model', () => {
  test('has layer upon layer, and dropout between them in training alone', () => {
    expect(names({}, 'train')).toEqual(['embedding', 'lstm1: lstm', 'dropout1: dropout', 'lstm2: lstm', 'output: linear', 'cross_entropy']);
    expect(names({}, 'adapt')).toEqual(['embedding', 'lstm1: lstm', 'lstm2: lstm', 'output: linear', 'cross_entropy']);
    expect(names({}, 'score')).toEqual(['embedding', 'lstm1: lstm', 'lstm2: lstm', 'output: linear', 'log_softmax']);
    expect(names({}, 'next')).toEqual(['embedding', 'lstm1: lstm', 'lstm2: lstm', 'pool', 'output: linear', 'log_softmax']);
  });

  test('carries the states of each layer in every entry', () => {
    const { inputs, entries } = spec({});
    expect(inputs).toMatchObject({ h1: { width: 7, state: true }, c1: { state: true }, h2: { state: true }, c2: { state: true } });
    for (const entry of ['train', 'adapt', 'score', 'recall', 'next']) {
      expect(entries[entry]?.carry).toEqual({ h1: 'lstm1.h_n', c1: 'lstm1.c_n', h2: 'lstm2.h_n', c2: 'lstm2.c_n' });
    }
    expect(entries['recall']?.outputs).toEqual({ logProbs: 'log_softmax', states: 'lstm2' });
    expect(spec({ architecture: 'feedForward' }).entries['train']?.carry ?? {}).toEqual({});
  });

  test('drops what it is told to', () => {
    const options = { inputDropout: 0.1, outputDropout: 0.2, lockedDropout: true, embeddingDropout: 0.3, weightDrop: 0.4 };
    const config = (name: string) => nodes(options, 'train').find((node) => node.name === name)?.config;
    expect(config('input_dropout')).toEqual({ p: 0.1, locked: true });
    expect(config('dropout1')).toEqual({ p: 0.2, locked: true });
    expect(config('output_dropout')).toEqual({ p: 0.2, locked: true });
    expect(config('embedding')).toEqual({ embedding_size: 5, dropout: 0.3 });
    expect(nodes(options, 'adapt').find(({ name }) => name === 'embedding')?.config).toEqual({ embedding_size: 5 });
    expect(spec(options).parameters).toEqual({ 'lstm1.weight_hh_l0': { drop: 0.4 }, 'lstm2.weight_hh_l0': { drop: 0.4 } });
    expect(() => spec({ architecture: 'feedForward', weightDrop: 0.1 })).toThrow(/^option weightDrop: expected 0 beside architecture feedForward/);
  });

  test('weighs what keeps states small and slow, before and behind dropout', () => {
    const options = { activationRegularization: 2, temporalActivationRegularization: 1, outputDropout: 0.1 };
    const [ar, tar] = nodes(options, 'train').filter(({ type }) => type === 'activation_regularization');
    expect([ar?.inputs, tar?.inputs]).toEqual([['output_dropout'], ['lstm2']]);
    expect(nodes(options, 'train').at(-1)?.config).toEqual({ weights: [1, 2, 1] });
    expect(spec(options).entries['train']?.outputs).toMatchObject({ nats: 'cross_entropy' });
    expect(names(options, 'adapt')).not.toContain('activation_regularization');
  });

  test('ties weights, through a projection where sizes differ', () => {
    expect(names({ tieWeights: true }, 'train').slice(-3)).toEqual(['projection: linear', 'output: linear', 'cross_entropy']);
    const output = nodes({ tieWeights: true, hiddenSize: 5 }, 'next').find(({ name }) => name === 'output');
    expect(output).toMatchObject({ inputs: ['pool'], share: { weight: 'embedding.weight' } });
  });

  test('parts the vocabulary by frequency', () => {
    expect(names({ cutoffs: [4, 10], hiddenSize: 16 }, 'train').at(-1)).toBe('output: adaptive_softmax');
    expect(names({ cutoffs: [4, 10], hiddenSize: 16 }, 'next').at(-1)).toBe('output: adaptive_log_softmax');
    expect(nodes({ cutoffs: [4, 10, 20, 30], hiddenSize: 16 }, 'train').at(-1)?.config).toEqual({ output_size: 20, cutoffs: [4, 10], div_value: 4 });
    expect(() => spec({ cutoffs: [4, 10], hiddenSize: 15 })).toThrow('option hiddenSize: expected at least 16 beside 2 cutoffs, given 15');
    expect(names({ cutoffs: [20] }, 'train').at(-1)).toBe('cross_entropy');
    expect(() => spec({ cutoffs: [4], tieWeights: true })).toThrow('option cutoffs: expected none beside tieWeights');
  });

  test('sees the last tokens alone where it is feed-forward, and the vectors directly', () => {
    const options = { architecture: 'feedForward', context: 3, layers: 2, direct: true } as const;
    expect(names(options, 'score')).toEqual([
      'embedding', 'hidden1: conv1d', 'tanh', 'hidden2: linear', 'tanh_2: tanh', 'output: linear', 'direct: conv1d', 'add', 'log_softmax',
    ]);
    expect(nodes(options, 'score').filter(({ type }) => type === 'conv1d').map(({ config }) => config)).toEqual([
      { output_size: 7, kernel_size: 3, padding: 'causal' }, { output_size: 20, kernel_size: 3, padding: 'causal', bias: false },
    ]);
  });
});
