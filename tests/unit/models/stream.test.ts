import { describe, expect, test } from 'vitest';
import { batched } from '../../../ts/src/models/text/stream.js';

async function collect<T>(batches: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('batched', () => {
  test.each([[0, []], [1, [1]], [3, [3]], [4, [3, 1]], [6, [3, 3]]])('cuts %d items', async (count, sizes) => {
    const batches = await collect(batched(Array(count).keys(), 3));
    expect(batches.map(({ length }) => length)).toEqual(sizes);
    expect(batches.flat()).toEqual([...Array(count).keys()]);
  });

  test('gives what is there when the source makes one wait', async () => {
    async function* slow() {
      yield* [1, 2];
      await turn();
      yield* [3, 4, 5];
      await turn();
      yield 6;
    }
    expect(await collect(batched(slow(), 10))).toEqual([[1, 2], [3, 4, 5], [6]]);
  });

  test('asks for one item more than it gives at most, and tells the source when it is enough', async () => {
    let [made, closed] = [0, false];
    function* endless() {
      try {
        for (;;) yield (made += 1);
      } finally {
        closed = true;
      }
    }
    for await (const batch of batched(endless(), 4)) {
      expect(batch).toEqual([1, 2, 3, 4]);
      break;
    }
    expect(made).toBeLessThanOrEqual(5);
    expect(closed).toBe(true);
  });

  test('does not wait for a source that never goes on', async () => {
    async function* stuck() {
      yield 1;
      await new Promise(() => undefined);
    }
    for await (const batch of batched(stuck(), 4)) {
      expect(batch).toEqual([1]);
      break;
    }
  });

  test('gives what came before a failure, then the failure', async () => {
    async function* failing() {
      yield* [1, 2];
      throw new Error('torn');
    }
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const batch of batched(failing(), 10)) seen.push(...batch);
      })(),
    ).rejects.toThrow('torn');
    expect(seen).toEqual([1, 2]);
  });
});
