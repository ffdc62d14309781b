/** Batches of what comes one after another. */

import { breathe } from '#runtime';

type Step<T> = IteratorResult<T, unknown> | { readonly error: unknown };

/**
 * Puts together what is there, up to `size`: a source that makes one wait is not waited for as long as
 * something can be given. Asks for one item more than it gives at most.
 *
 * @throws what the source throws, after what came before
 *
 * @example
 * for await (const lines of batched(readLines(file), 64)) console.log(lines.length);
 */
export async function* batched<T>(source: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const take = async (): Promise<Step<T>> => {
    try {
      return await iterator.next();
    } catch (error) {
      return { error };
    }
  };
  let batch: T[] = [];
  let pending: Promise<Step<T>> | undefined;
  let ended = false;
  try {
    while (!ended) {
      pending = take();
      if (batch.length > 0 && (await Promise.race([pending, breathe()])) === undefined) {
        yield batch;
        batch = [];
      }
      const step = await pending;
      pending = undefined;
      if ('error' in step || step.done === true) ended = true;
      else batch.push(step.value);
      if (batch.length >= (ended ? 1 : size)) {
        yield batch;
        batch = [];
      }
      if ('error' in step) throw step.error;
    }
  } finally {
    if (!ended) {
      const closed = Promise.resolve(iterator.return?.());
      // A source that is still making its next item may never end: it is told, but not waited for.
      if (pending === undefined) await closed;
      else closed.catch(() => undefined);
    }
  }
}
