/** From counts of n-grams to probabilities. */

import type { MarkovSettings } from './options.js';
import { NONE, type Counting, type Ngrams } from './ngrams.js';

/** What a discount is where counts are too few, or too regular, to tell it. */
const USUAL_DISCOUNT = 0.5;

/** What a smoothing counts. */
export function countingOf(smoothing: MarkovSettings['smoothing']): Counting {
  return smoothing === 'wittenBell' ? 'occurrences' : 'continuations';
}

/**
 * Interpolated probabilities. With `c` of an n-gram `h w`, `C` the sum over all `w`, and `h'` for `h`
 * without its first symbol:
 *
 * - Kneser–Ney: `p(w | h) = (max(c − D(c), 0) + Σ D · p(w | h')) / C`, where `Σ D` is what all `w` were
 *   discounted. `D` is `Y = n1 / (n1 + 2 n2)` for each length, with `n1` n-grams of a count of one;
 *   modified, `1 − 2Y n2/n1`, `2 − 3Y n3/n2` and `3 − 4Y n4/n3` for counts of one, two, and more.
 * - Witten–Bell: `p(w | h) = (c + T · p(w | h')) / (C + T)`, where `T` different `w` followed `h`.
 *
 * Behind a context that was never seen, `p(w | h) = p(w | h')`; behind the shortest comes the uniform
 * distribution over all that may follow.
 */
export class Estimator {
  readonly #ngrams: Ngrams;
  readonly #smoothing: MarkovSettings['smoothing'];
  /** First of the symbols that may follow; all up to `size` do. */
  readonly #first: number;
  readonly #size: number;
  /** For each length of context the discounts of counts of 0, 1, 2 and more. */
  readonly #discounts: Float64Array[];

  constructor(ngrams: Ngrams, smoothing: MarkovSettings['smoothing'], { first, size }: { first: number; size: number }) {
    this.#ngrams = ngrams;
    this.#smoothing = smoothing;
    this.#first = first;
    this.#size = size;
    this.#discounts = Array.from({ length: ngrams.order }, (_, depth) => discountsOf(ngrams, depth + 1, smoothing));
  }

  /** Probability of a symbol that may follow; the contexts move along. */
  next(contexts: Int32Array, symbol: number): number {
    const ngrams = this.#ngrams;
    let probability = 1 / (this.#size - this.#first);
    let carried = 0;
    for (let length = 0; length < contexts.length; length += 1) {
      const context = contexts[length] as number;
      contexts[length] = carried;
      carried = NONE;
      if (context === NONE) continue;
      carried = ngrams.child(context, symbol);
      if (ngrams.total(context) === 0) continue;
      const count = carried === NONE ? 0 : ngrams.count(carried);
      probability = this.#share(context, count, length) + this.#rest(context, length) * probability;
    }
    return probability;
  }

  /** Probabilities of all symbols: `[size]`. They sum to one. */
  distribution(contexts: Int32Array): Float64Array {
    const ngrams = this.#ngrams;
    const probabilities = new Float64Array(this.#size);
    let left = 1;
    for (let length = contexts.length - 1; length >= 0; length -= 1) {
      const context = contexts[length] as number;
      if (context === NONE || ngrams.total(context) === 0) continue;
      ngrams.children(context, (symbol, child) => {
        (probabilities[symbol] as number) += left * this.#share(context, ngrams.count(child), length);
      });
      left *= this.#rest(context, length);
    }
    const uniform = left / (this.#size - this.#first);
    for (let symbol = this.#first; symbol < this.#size; symbol += 1) (probabilities[symbol] as number) += uniform;
    return probabilities;
  }

  /** What the context says itself of a symbol that was counted so often behind it. */
  #share(context: number, count: number, length: number): number {
    const total = this.#ngrams.total(context);
    if (this.#smoothing === 'wittenBell') return count / (total + this.#ngrams.kinds(context));
    return (count - this.#discount(length, count)) / total;
  }

  /** What it leaves to shorter contexts. */
  #rest(context: number, length: number): number {
    const ngrams = this.#ngrams;
    const [total, kinds] = [ngrams.total(context), ngrams.kinds(context)];
    if (this.#smoothing === 'wittenBell') return kinds / (total + kinds);
    const [once, twice] = [ngrams.once(context), ngrams.twice(context)];
    const discounted = once * this.#discount(length, 1) + twice * this.#discount(length, 2) + (kinds - once - twice) * this.#discount(length, 3);
    return discounted / total;
  }

  #discount(length: number, count: number): number {
    return this.#discounts[length]?.[Math.min(count, 3)] as number;
  }
}

/** Discounts of counts of 0, 1, 2 and more: as estimated, if that is possible and they take no more than there is. */
function discountsOf(ngrams: Ngrams, length: number, smoothing: MarkovSettings['smoothing']): Float64Array {
  const [n1, n2, n3, n4] = [1, 2, 3, 4].map((count) => ngrams.rare(length, count)) as [number, number, number, number];
  const plain = n1 > 0 && n2 > 0 ? n1 / (n1 + 2 * n2) : USUAL_DISCOUNT;
  const modified = [1 - (2 * plain * n2) / n1, 2 - (3 * plain * n3) / n2, 3 - (4 * plain * n4) / n3];
  const sound = n3 > 0 && n4 > 0 && modified.every((discount) => discount > 0);
  return Float64Array.from([0, ...(smoothing === 'modifiedKneserNey' && n1 > 0 && n2 > 0 && sound ? modified : [plain, plain, plain])]);
}
