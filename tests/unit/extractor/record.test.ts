import { describe, expect, test } from 'vitest';
import { RecordBuilder, slotsOf, type SlotArity } from '../../../ts/src/models/extractor/record.js';

const span = (type: string, text: string, score = 0.9) => ({ type, text, start: 0, end: text.length, score, value: text });

describe('a record', () => {
  const builder = new RecordBuilder({ PERSON: 'many', DATE: 'one', Place: 'one' }, {});

  test('has every slot, with many values or with one', () => {
    expect(builder.record([])).toEqual({ person: [], date: null, place: null });
    const spans = [span('PERSON', 'Ana'), span('DATE', 'today'), span('PERSON', 'Bo')];
    expect(builder.record(spans)).toEqual({ person: ['Ana', 'Bo'], date: 'today', place: null });
  });

  test('has the most probable of several values for one, the first of equals', () => {
    const date = (...scores: number[]) => builder.record(scores.map((score, index) => span('DATE', `day ${index}`, score)))['date'];
    expect(date(0.2, 0.9, 0.5)).toBe('day 1');
    expect(date(0.7, 0.7)).toBe('day 0');
  });

  test('keeps a value that is nothing', () => {
    expect(builder.record([{ ...span('DATE', 'soonish'), value: null }, { ...span('PERSON', 'x'), value: undefined }])).toEqual({
      person: [undefined], date: null, place: null,
    });
  });

  test('may have a slot of any name', () => {
    const odd = new RecordBuilder({ ['__proto__']: 'one', ['constructor']: 'many' } as { [type: string]: SlotArity }, {});
    expect(Object.entries(odd.record([span('__proto__', 'x')]))).toEqual([['__proto__', 'x'], ['constructor', []]]);
  });
});

describe('slotsOf', () => {
  test('says how many values each has', () => {
    expect(slotsOf(['DATE', 'PERSON'], { DATE: 'one' })).toEqual({ DATE: 'one', PERSON: 'many' });
    expect(slotsOf(['DATE', 'toString'], { DATE: 'one' })).toEqual({ DATE: 'one', toString: 'many' });
  });

  test.each<[string[], object, string]>([
    [['DATE'], { TIME: 'one' }, 'option slots: expected types of slots, which are DATE, given "TIME"'],
    [['DATE'], { toString: 'one' }, 'option slots: expected types of slots, which are DATE, given "toString"'],
    [['Date', 'X', 'DATE'], {}, 'slots Date and DATE: expected names that differ in more than case, since both are date in records'],
  ])('%j with %j', (types, given, message) => {
    expect(() => slotsOf(types, given as never)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'bad_option', message }));
  });
});
