import { describe, expect, test } from 'vitest';
import * as errors from '../../ts/src/errors.js';

const { CancelledError, DataError, DisposedError, ModelFileError, OstinatoError, UsageError } = errors;

describe('errors', () => {
  test.each([
    [new errors.UsageError('m'), 'UsageError', 'bad_usage'],
    [new errors.DataError('m'), 'DataError', 'bad_data'],
    [new errors.ModelFileError('m'), 'ModelFileError', 'bad_model_file'],
    [new errors.DisposedError('this Tagger'), 'DisposedError', 'disposed'],
    [new errors.PoisonedError('m'), 'PoisonedError', 'poisoned'],
    [new errors.CancelledError(), 'CancelledError', 'cancelled'],
    [new errors.UnsupportedError('m'), 'UnsupportedError', 'unsupported'],
    [new errors.InternalError('m'), 'InternalError', 'internal'],
  ])('%s', (error, name, code) => {
    expect(error).toBeInstanceOf(OstinatoError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.code).toBe(code);
    expect('cause' in error).toBe(false);
    expect(error.stack).toContain(error.message);
  });

  test('codes and causes are kept', () => {
    const cause = new Error('inner');
    const error = new errors.InternalError('outer', { code: 'odd', cause });
    expect([error.code, error.cause]).toEqual(['odd', cause]);
    expect('cause' in new UsageError('m', { cause: undefined })).toBe(true);
  });

  test('messages say where', () => {
    expect(new DataError('m', { line: 3, source: 'a.conll' }).message).toBe('a.conll:3: m');
    expect(new DataError('m', { line: 3 }).message).toBe('line 3: m');
    expect(new DataError('m', { source: 'a.conll' }).message).toBe('a.conll: m');
    expect(new ModelFileError('m', { source: 'a.model' }).message).toBe('a.model: m');
    expect(new DisposedError('this Tagger').message).toMatch(/^this Tagger has been disposed of/);
  });

  test('an option outside its range', () => {
    const error = UsageError.option('learningRate', -1, 'a number above 0');
    expect(error.message).toBe('option learningRate: expected a number above 0, given -1');
    expect(error.code).toBe('bad_option');
  });

  test('an aborted signal', () => {
    const controller = new AbortController();
    CancelledError.check(undefined);
    CancelledError.check(controller.signal);
    controller.abort('enough');
    expect(() => CancelledError.check(controller.signal)).toThrow(
      expect.objectContaining({ code: 'cancelled', cause: 'enough' }),
    );
  });

  test.each<[unknown, string]>([
    ['a"b', '"a\\"b"'],
    ['x'.repeat(61), `"${'x'.repeat(59)}…"`],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['🍜'.repeat(70), `"${'🍜'.repeat(59)}…"`],
    [[1, 2], 'an array of 2'],
    [{ a: 1, b: 2 }, 'an object with a, b'],
    [{}, 'an empty object'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
    [5n, '5n'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [Promise.resolve(1), 'a promise'],
    [Object.create(null), 'an empty object'],
  ])('describe %#', (value, expected) => {
    expect(errors.describe(value)).toBe(expected);
  });
});
