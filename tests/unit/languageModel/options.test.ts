import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../ts/src/errors.js';
import { readingSettings } from '../../../ts/src/models/languageModel/adapting.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS, modelSettings } from '../../../ts/src/models/languageModel/options.js';
import { checkOptions } from '../../../ts/src/models/option.js';

describe('settings', () => {
  test('have a value for each option, by itself of two layers that read characters', () => {
    expect(modelSettings({})).toMatchObject({ architecture: 'lstm', tokenizer: { type: 'character' }, minCount: 1, layers: 2 });
    expect(Object.values(modelSettings({}))).not.toContain(undefined);
    expect(modelSettings({ level: 'word' })).toMatchObject({ tokenizer: { type: 'default' }, minCount: 2 });
    expect(modelSettings({ architecture: 'feedForward', context: 3 })).toMatchObject({ layers: 1, context: 3, direct: false });
  });

  test.each([
    [{ context: 3 }, 'option context: expected architecture feedForward beside it, given 3'],
    [{ architecture: 'gru' as const, direct: true }, 'option direct: expected architecture feedForward beside it, given true'],
    [{ level: 'word' as const, tokenizer: { type: 'character' as const } }, 'option level: expected it to be left out beside a tokenizer, given "word"'],
  ])('%j do not go together', (options, message) => {
    expect(() => modelSettings(options)).toThrow(new UsageError(message, { code: 'bad_option' }));
  });

  test.each([
    [{ architecture: 'mamba' }, /^option architecture: expected lstm, gru, /],
    [{ hiddenSize: 0 }, /^option hiddenSize: expected a whole number of at least 1, given 0$/],
    [{ dropout: 1 }, /^option dropout: expected a number from 0 to 0\.95, given 1$/],
    [{ sequenceLength: 0.5 }, /^option sequenceLength: expected a whole number of at least 1, given 0\.5$/],
    [{ batchTokens: 100 }, /^option batchTokens: there is no such option/],
  ])('%j are wrong', (options, message) => {
    expect(() => checkOptions(options, { ...MODEL_OPTIONS, ...LEARNING_OPTIONS })).toThrow(message);
  });
});

describe('how a text is read', () => {
  test('is plainly, unless told otherwise', () => {
    expect(readingSettings({})).toEqual({ dynamic: undefined, cache: undefined, signal: undefined });
    expect(readingSettings({ dynamic: false, cache: false })).toEqual({ dynamic: undefined, cache: undefined, signal: undefined });
  });

  test('has defaults, which may be told one by one', () => {
    const { dynamic, cache } = readingSettings({ dynamic: true, cache: { size: 9 } });
    expect(dynamic).toMatchObject({ optimizer: { kind: 'sgd' }, sequenceLength: 20, clipNorm: 5 });
    expect(cache).toEqual({ size: 9, theta: 0.3, share: 0.05 });
    expect(readingSettings({ dynamic: { optimizer: 'adam', learningRate: 0.01, clipNorm: null } }).dynamic).toMatchObject({
      optimizer: { kind: 'adam', learning_rate: 0.01 }, clipNorm: null,
    });
  });

  test.each([
    [{ dynamic: 3 }, /^option dynamic: expected true, false or options of dynamic evaluation, given 3$/],
    [{ dynamic: { rate: 1 } }, /^option rate: there is no such option/],
    [{ cache: { theta: -1 } }, /^option theta: expected a number above 0, given -1$/],
  ])('%j is wrong', (options, message) => {
    expect(() => readingSettings(options as never)).toThrow(message);
  });
});
