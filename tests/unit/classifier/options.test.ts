import { describe, expect, test } from 'vitest';
import {
  givenTokenizer,
  LEARNING_OPTIONS,
  MODEL_OPTIONS,
  modelSettings,
  type ClassifierModelOptions,
} from '../../../ts/src/models/classifier/options.js';
import { CALLBACKS, ENGINE } from '../../../ts/src/models/learning/options.js';
import { checkOptions } from '../../../ts/src/models/option.js';

const TABLE = { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, ...CALLBACKS, engine: ENGINE };

describe('the options of a classifier', () => {
  test('say what they are for and what they are by themselves', () => {
    for (const [name, option] of Object.entries(TABLE)) {
      expect([name, option.text.length > 5, 'default' in option || 'otherwise' in option]).toEqual([name, true, true]);
      if ('default' in option) expect(() => checkOptions({ [name]: option.default }, TABLE)).not.toThrow();
    }
  });

  test('are by themselves those of the published twin', () => {
    expect(modelSettings({}, 'single', { type: 'default' }, undefined)).toEqual({
      cell: 'lstm', embeddingSize: 128, hiddenSize: 128, layers: 1, dropout: 0.5, characters: 'none',
      characterEmbeddingSize: 25, characterHiddenSize: 25, lowercase: true, minCount: 2, unknownProbability: 0.5,
      freezeVectors: false, tokenizer: { type: 'default' }, kind: 'single', bidirectional: true, pooling: 'max',
      pooledDropout: true, wordDropout: 0, maxTokens: 1000, embeddingStd: 0.1, sparseEmbedding: false, labelSmoothing: 0, classWeights: null, threshold: 0.5,
    });
    expect([LEARNING_OPTIONS.batchSize.default, LEARNING_OPTIONS.clipNorm.default, LEARNING_OPTIONS.optimizer.default]).toEqual([32, 5, 'adam']);
    expect(LEARNING_OPTIONS.learningRate.otherwise).toBe('0.001, for sgd 0.1');
  });

  test('that are given go first, but for the size of vectors', () => {
    const given = { lowercase: false, characters: 'cnn', bidirectional: false, embeddingSize: 50 } as const;
    expect(modelSettings(given, 'multi', { type: 'character' }, 50)).toMatchObject({ ...given, kind: 'multi', tokenizer: { type: 'character' } });
    expect(() => modelSettings(given, 'single', { type: 'default' }, 64)).toThrow('option embeddingSize: expected 64, the size of the vectors, given 50');
  });

  test.each<[ClassifierModelOptions, unknown]>([
    [{}, undefined],
    [{ level: 'word' }, { type: 'default' }],
    [{ level: 'character' }, { type: 'character' }],
    [{ tokenizer: { type: 'whitespace' } }, { type: 'whitespace' }],
  ])('choose the tokenizer: %j', (options, tokenizer) => {
    expect(givenTokenizer(options)).toEqual(tokenizer);
  });
});
