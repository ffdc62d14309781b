/** Looking at the start of a stream without taking it away. */

/** The first items, and all of them. */
export interface Peeked<T> {
  head: T[];
  all: AsyncGenerator<T>;
}

/**
 * Takes items until `wanted` of those that count are seen, or all.
 *
 * @example
 * const { head, all } = await peek(lines, 20, ({ text }) => text !== '');
 */
export async function peek<T>(items: AsyncGenerator<T>, wanted: number, counts = (_: T): boolean => true): Promise<Peeked<T>> {
  const head: T[] = [];
  for (let seen = 0; seen < wanted; ) {
    const { done, value } = await items.next();
    if (done === true) break;
    head.push(value);
    if (counts(value)) seen += 1;
  }
  return { head, all: chain(head, items) };
}

/** Items, and then others. */
export async function* chain<T>(head: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* head;
  yield* rest;
}
