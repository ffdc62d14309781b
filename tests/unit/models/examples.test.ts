import { describe, expect, test } from 'vitest';
import { collectExamples, tokenizerFor } from '../../../ts/src/models/text/examples.js';

describe('collectExamples', () => {
  async function* stream() {
    yield { tokens: ['a'], tags: ['O'] };
    yield { tokens: ['b'], tags: ['O'] };
  }

  test('takes arrays, iterables and async iterables', async () => {
    expect(await collectExamples(stream(), 'x')).toHaveLength(2);
    expect(await collectExamples(new Set([{ tokens: ['a'], tags: ['O'] }]), 'x')).toHaveLength(1);
  });

  test.each([['a text'], [42], [null], [{}]])('refuses %j', async (examples) => {
    await expect(collectExamples(examples as unknown as [], 'training data')).rejects.toMatchObject({
      code: 'bad_input', message: expect.stringMatching(/^training data: expected an array or an async iterable/),
    });
  });
});

describe('tokenizerFor', () => {
  test.each([
    [[{ tokens: ['王', '芳'] }, { tokens: ['e\u0301'] }], 'character'],
    [[{ tokens: ['王', '王芳'] }], 'default'],
    [[{ tokens: ['a'] }, { text: 'a' }], 'default'],
    [[], 'default'],
    [[null], 'default'],
  ])('%j', (examples, type) => {
    expect(tokenizerFor(examples)).toEqual({ type });
  });
});
