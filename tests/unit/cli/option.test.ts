import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addOptions, gather } from '../../../ts/src/cli/option.js';
import { BEAM_SEARCH_OPTIONS, GENERATION_OPTIONS } from '../../../ts/src/generation/options.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS } from '../../../ts/src/models/languageModel/options.js';

const TABLE = { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, ...GENERATION_OPTIONS, ...BEAM_SEARCH_OPTIONS };

async function typed(...given: string[]): Promise<object> {
  const command = addOptions(new Command(), TABLE).exitOverride().configureOutput({ writeErr: () => undefined });
  return gather(command.parse(given, { from: 'user' }), TABLE, []);
}

describe('options of generation', () => {
  test('can be typed', async () => {
    expect(await typed('--temperature', '0.8', '--top-k', '40', '--seed', '3', '--no-repeat-ngram', '4', '--no-early-stopping')).toEqual({
      temperature: 0.8, topK: 40, seed: 3, noRepeatNgram: 4, earlyStopping: false,
    });
    expect(await typed('--stop', '\\n\\n', '--bad-words', 'foo, bar', '--forced-prefix', 'a\\tb', '--early-stopping')).toEqual({
      stop: '\n\n', badWords: ['foo', ' bar'], forcedPrefix: 'a\tb', earlyStopping: true,
    });
  });

  test.each([['--top-p', '2'], ['--stop', ''], ['--bad-words', 'a,,b']])('%s takes no %j', async (flag, value) => {
    await expect(typed(flag, value)).rejects.toThrow(/expected (a number from 0 to 1|a text or an array of texts|an array of texts or of arrays of ids)/);
  });
});

describe('options of language models', () => {
  test('can all be typed', () => {
    const command = addOptions(new Command(), { ...MODEL_OPTIONS, ...LEARNING_OPTIONS });
    for (const name of Object.keys({ ...MODEL_OPTIONS, ...LEARNING_OPTIONS })) expect(command.options.map((option) => option.attributeName())).toContain(name);
  });

  test('are lists and numbers', async () => {
    expect(await typed('--cutoffs', '2000,10000', '--average-after', '5')).toEqual({ cutoffs: [2000, 10_000], averageAfter: 5 });
    for (const [flag, value] of [['--cutoffs', '20,10'], ['--cutoffs', 'many'], ['--average-after', ''], ['--average-after', '1.5']] as const) {
      await expect(typed(flag, value)).rejects.toThrow(/expected (an array of rising whole numbers|a whole number of at least 0)/);
    }
  });
});
