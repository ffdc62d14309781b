import { describe, expect, test } from 'vitest';
import { BEAM_SEARCH_OPTIONS, GENERATION_OPTIONS } from '../../../ts/src/generation/options.js';
import { checkOptions } from '../../../ts/src/models/option.js';

describe('options of generation', () => {
  test('take what is right', () => {
    const constraints = { maxTokens: 1, minTokens: 0, noRepeatNgram: 3, badWords: ['a', [1, 2]], forcedPrefix: 'a', stop: '\n' };
    expect(() => checkOptions({ ...constraints, temperature: 0, topK: 1, topP: 0, minP: 1, typicalP: 1, repetitionPenalty: 0.5, seed: 0 }, GENERATION_OPTIONS)).not.toThrow();
    expect(() => checkOptions({ ...constraints, beams: 1, nBest: 1, lengthPenalty: 0, earlyStopping: true }, BEAM_SEARCH_OPTIONS)).not.toThrow();
    expect(() => checkOptions({ badWords: [], forcedPrefix: [0], stop: ['a', 'b'] }, GENERATION_OPTIONS)).not.toThrow();
  });

  test.each<[object, string]>([
    [{ temperature: -1 }, 'option temperature: expected a number of at least 0, given -1'],
    [{ topK: 0 }, 'option topK: expected a whole number of at least 1, given 0'],
    [{ topP: 1.1 }, 'option topP: expected a number from 0 to 1, given 1.1'],
    [{ minP: NaN }, 'option minP: expected a number from 0 to 1, given NaN'],
    [{ typicalP: 2 }, 'option typicalP: expected a number from 0 to 1, given 2'],
    [{ repetitionPenalty: 0 }, 'option repetitionPenalty: expected a number above 0, given 0'],
    [{ noRepeatNgram: 0 }, 'option noRepeatNgram: expected a whole number of at least 1, given 0'],
    [{ maxTokens: 0 }, 'option maxTokens: expected a whole number of at least 1, given 0'],
    [{ badWords: 'a' }, 'option badWords: expected an array of texts or of arrays of ids, given "a"'],
    [{ badWords: [[]] }, 'option badWords: expected an array of texts or of arrays of ids, given an array of 1'],
    [{ forcedPrefix: '' }, 'option forcedPrefix: expected a text or an array of ids, given ""'],
    [{ forcedPrefix: [-1] }, 'option forcedPrefix: expected a text or an array of ids, given an array of 1'],
    [{ stop: ['a', ''] }, 'option stop: expected a text or an array of texts, given an array of 2'],
    [{ seed: 0.5 }, 'option seed: expected a whole number of at least 0, given 0.5'],
  ])('%j', (options, message) => {
    expect(() => checkOptions(options, GENERATION_OPTIONS)).toThrow(expect.objectContaining({ code: 'bad_option', message }));
  });

  test('are not those of beam search', () => {
    expect(() => checkOptions({ temperature: 1 }, BEAM_SEARCH_OPTIONS)).toThrow(/no such option/);
    expect(() => checkOptions({ beams: 1 }, GENERATION_OPTIONS)).toThrow(/no such option/);
    expect(() => checkOptions({ lengthPenalty: -1 }, BEAM_SEARCH_OPTIONS)).toThrow('option lengthPenalty: expected a number of at least 0, given -1');
  });

  test('say what they are for and what they are by themselves', () => {
    for (const table of [GENERATION_OPTIONS, BEAM_SEARCH_OPTIONS]) {
      for (const [name, option] of Object.entries(table)) {
        expect([name, option.text.length > 5, 'default' in option || 'otherwise' in option]).toEqual([name, true, true]);
        if ('default' in option) expect(() => checkOptions({ [name]: option.default }, table)).not.toThrow();
      }
    }
  });
});
