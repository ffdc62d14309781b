import { describe, expect, test } from 'vitest';
import { LEARNING_OPTIONS, MODEL_OPTIONS, modelSettings, NORMALISERS } from '../../../ts/src/models/extractor/options.js';
import { checkOptions } from '../../../ts/src/models/option.js';

const TABLE = { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, normalisers: NORMALISERS };
const check = (options: object): void => checkOptions(options, TABLE);

describe('the options of an extractor', () => {
  test('are taken when they are right', () => {
    expect(() => check({ slots: { DATE: 'one' }, pooling: 'mean', slotWeight: 0.5, normalisers: { DATE: String } })).not.toThrow();
  });

  test.each<[object, string]>([
    [{ pooling: 'sum' }, 'option pooling: expected max, mean, last or attention, given "sum"'],
    [{ intentWeight: 0 }, 'option intentWeight: expected a number above 0, given 0'],
    [{ slotWeight: '1' }, 'option slotWeight: expected a number above 0, given "1"'],
    [{ slots: { DATE: 1 } }, 'option slots: expected one or many for types of slots, such as { DATE: "one" }, given an object with DATE'],
    [{ slots: ['DATE'] }, 'option slots: expected one or many for types of slots, such as { DATE: "one" }, given an array of 1'],
    [{ normalisers: 5 }, 'option normalisers: expected functions by type of slot, given 5'],
  ])('are refused when they are not: %j', (options, message) => {
    expect(() => check(options)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'bad_option', message }));
  });

  test('say what they are for and what they are by themselves', () => {
    for (const [name, option] of Object.entries(TABLE)) {
      expect([name, option.text.length > 5, 'default' in option || 'otherwise' in option]).toEqual([name, true, true]);
      if ('default' in option) expect(() => check({ [name]: option.default })).not.toThrow();
    }
  });

  test('have the documented defaults', () => {
    const settings = modelSettings({ slots: { B: 'one' } }, ['A', 'B'], { type: 'default' }, 4.5, undefined);
    expect(settings).toMatchObject({ characters: 'lstm', lowercase: true, scheme: 'BIOES', embeddingStd: 0.1, pooling: 'attention', intentWeight: 2, slotWeight: 1, slots: { A: 'many', B: 'one' } });
    expect(modelSettings({}, ['A'], { type: 'character' }, 1, 50)).toMatchObject({ characters: 'none', lowercase: false, embeddingSize: 50 });
    expect(() => modelSettings({ embeddingSize: 9 }, ['A'], { type: 'default' }, 4, 50)).toThrow('option embeddingSize: expected 50, the size of the vectors, given 9');
  });
});
