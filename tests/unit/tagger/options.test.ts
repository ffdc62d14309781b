import { describe, expect, test } from 'vitest';
import { checkOptions } from '../../../ts/src/models/option.js';
import { CALLBACKS, ENGINE } from '../../../ts/src/models/learning/options.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS, modelSettings, OFFSET_UNIT } from '../../../ts/src/models/tagger/options.js';

const TABLE = { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, offsetUnit: OFFSET_UNIT, ...CALLBACKS, engine: ENGINE };
const check = (options: object): void => checkOptions(options, TABLE);

describe('checkOptions', () => {
  test('takes what is right, and what is not given', () => {
    expect(() => check({ hiddenSize: 3, dropout: 0, clipNorm: null, seed: 0, cell: 'gru', lowercase: false, signal: new AbortController().signal })).not.toThrow();
    expect(() => check({ hiddenSize: undefined, optimizer: { kind: 'adam' }, schedule: 'oneCycle' })).not.toThrow();
  });

  test.each<[object, string]>([
    [{ hiddenSize: 0 }, 'option hiddenSize: expected a whole number of at least 1, given 0'],
    [{ layers: 1.5 }, 'option layers: expected a whole number of at least 1, given 1.5'],
    [{ epochs: '8' }, 'option epochs: expected a whole number of at least 1, given "8"'],
    [{ dropout: 1 }, 'option dropout: expected a number from 0 to 0.95, given 1'],
    [{ dropout: Number.NaN }, 'option dropout: expected a number from 0 to 0.95, given NaN'],
    [{ learningRate: 0 }, 'option learningRate: expected a number above 0, given 0'],
    [{ learningRate: Infinity }, 'option learningRate: expected a number above 0, given Infinity'],
    [{ weightDecay: -1 }, 'option weightDecay: expected a number of at least 0, given -1'],
    [{ clipNorm: -5 }, 'option clipNorm: expected a number above 0, or null for none, given -5'],
    [{ cell: 'LSTM' }, 'option cell: expected lstm, gru or rnn, given "LSTM"'],
    [{ freezeVectors: 1 }, 'option freezeVectors: expected true or false, given 1'],
    [{ optimizer: 'lion' }, 'option optimizer: expected adam, adamw, sgd, rmsprop, adagrad or an object with a kind, given "lion"'],
    [{ tokenizer: 'default' }, 'option tokenizer: expected a tokenizer configuration such as { type: "character" }, given "default"'],
    [{ holdOut: 1 }, 'option holdOut: expected a number from 0 to 0.95, given 1'],
    [{ signal: 5 }, 'option signal: expected an AbortSignal, given 5'],
    [{ onProgress: 'tell' }, 'option onProgress: expected a function, given "tell"'],
    [{ onBest: {} }, 'option onBest: expected a function, given an empty object'],
    [{ engine: {} }, 'option engine: expected an engine made by createEngine, given an empty object'],
  ])('%j', (options, message) => {
    expect(() => check(options)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'bad_option', message }));
  });

  test.each([null, 5])('takes no %j in place of options', (options) => {
    expect(() => checkOptions(options, TABLE)).toThrow(`option options: expected an object, given ${options}`);
  });

  test('names what there is for what there is not', () => {
    expect(() => check({ hidden_size: 3 })).toThrow(/^option hidden_size: there is no such option; there are batchSize, .*weightDecay$/);
    expect(() => check({ toString: 3 })).toThrow(/no such option/);
  });

  test('says of every option what it is for and what it is by itself', () => {
    for (const [name, option] of Object.entries(TABLE)) {
      expect([name, option.text.length > 5, 'default' in option || 'otherwise' in option]).toEqual([name, true, true]);
      if ('default' in option) expect(() => check({ [name]: option.default })).not.toThrow();
    }
  });
});

describe('modelSettings', () => {
  test('are the documented defaults', () => {
    expect(modelSettings({}, { type: 'default' }, 4.5, undefined)).toEqual({
      cell: 'lstm', embeddingSize: 100, embeddingStd: 1, sparseEmbedding: true, hiddenSize: 100, layers: 1, dropout: 0.5, characters: 'lstm',
      characterEmbeddingSize: 25, characterHiddenSize: 25, lowercase: true, minCount: 1, unknownProbability: 0.5,
      freezeVectors: false, scheme: 'BIOES', tokenizer: { type: 'default' },
    });
  });

  test('read no characters where tokens are characters', () => {
    expect(modelSettings({}, { type: 'default' }, 1.1, undefined)).toMatchObject({ characters: 'none', lowercase: false });
    expect(modelSettings({ characters: 'cnn' }, { type: 'default' }, 1.1, undefined)).toMatchObject({ characters: 'cnn', lowercase: true });
    expect(modelSettings({ lowercase: false }, { type: 'default' }, 4, undefined)).toMatchObject({ characters: 'lstm', lowercase: false });
  });

  test('follow the vectors', () => {
    expect(modelSettings({}, { type: 'default' }, 4, 50).embeddingSize).toBe(50);
    expect(modelSettings({ embeddingSize: 50 }, { type: 'default' }, 4, 50).embeddingSize).toBe(50);
    expect(() => modelSettings({ embeddingSize: 64 }, { type: 'default' }, 4, 50)).toThrow('option embeddingSize: expected 50, the size of the vectors, given 64');
  });
});
