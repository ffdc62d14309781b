/** Smoothed n-grams by their definitions, from lists of everything that was seen. */

type Smoothing = 'kneserNey' | 'modifiedKneserNey' | 'wittenBell';

/** Probability of each symbol below `size`, from `first` on, behind a context. */
export function naiveModel(texts: readonly (readonly number[])[], order: number, smoothing: Smoothing, first: number, size: number) {
  const key = (gram: readonly number[]): string => gram.join(' ');
  // Sequences begin with the boundary 0 where that may follow, too.
  const sequences = texts.map((ids) => (first === 0 ? [0, ...ids, 0] : ids));
  const tables = Array.from({ length: order }, (_, depth) => {
    const seen = new Map<string, { gram: number[]; occurrences: number; before: Set<number>; bare: number }>();
    for (const ids of sequences) {
      // The boundary at a start is a context only.
      for (let end = first === 0 ? 1 : 0; end < ids.length; end += 1) {
        const start = end - depth;
        if (start < 0) continue;
        const gram = ids.slice(start, end + 1);
        const entry = seen.get(key(gram)) ?? { gram, occurrences: 0, before: new Set(), bare: 0 };
        seen.set(key(gram), entry);
        entry.occurrences += 1;
        if (start === 0) entry.bare += 1;
        else entry.before.add(ids[start - 1] as number);
      }
    }
    return [...seen.values()].map(({ gram, occurrences, before, bare }) => ({
      gram,
      count: smoothing === 'wittenBell' || depth === order - 1 ? occurrences : before.size + bare,
    }));
  });
  const discounts = tables.map((table) => {
    const n = (count: number): number => table.filter((entry) => entry.count === count).length;
    const plain = n(1) * n(2) > 0 ? n(1) / (n(1) + 2 * n(2)) : 0.5;
    const modified = [1, 2, 3].map((count) => count - ((count + 1) * plain * n(count + 1)) / n(count));
    const sound = n(1) * n(2) * n(3) * n(4) > 0 && modified.every((discount) => discount > 0);
    return smoothing === 'modifiedKneserNey' && sound ? modified : [plain, plain, plain];
  });

  return function probability(symbol: number, context: readonly number[], depth = Math.min(context.length, order - 1)): number {
    if (depth < 0) return 1 / (size - first);
    const lower = probability(symbol, context, depth - 1);
    const wanted = key(context.slice(context.length - depth));
    const followers = (tables[depth] ?? []).filter(({ gram }) => key(gram.slice(0, -1)) === wanted);
    if (followers.length === 0) return lower;
    const total = followers.reduce((sum, { count }) => sum + count, 0);
    const count = followers.find(({ gram }) => gram.at(-1) === symbol)?.count ?? 0;
    if (smoothing === 'wittenBell') return (count + followers.length * lower) / (total + followers.length);
    const discount = (of: number): number => (of === 0 ? 0 : (discounts[depth]?.[Math.min(of, 3) - 1] as number));
    const taken = followers.reduce((sum, follower) => sum + discount(follower.count), 0);
    return (count - discount(count) + taken * lower) / total;
  };
}
