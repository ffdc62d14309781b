/** The same pseudo-random numbers on every host. */

/**
 * xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021),
 * seeded by splitmix32. Integers only, as JavaScript engines differ in `Math.log` and its like.
 *
 * @example
 * const random = new Random(1);
 * random.shuffle(['a', 'b', 'c']);
 */
export class Random {
  readonly #state: Uint32Array;

  /** @param seed any number; its value modulo 2^32 counts */
  constructor(seed: number) {
    let mixed = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = mixed;
      word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return (word ^ (word >>> 15)) >>> 0;
    });
  }

  /** The next integer from 0 to 2^32 - 1. */
  next(): number {
    const state = this.#state as Uint32Array & { 0: number; 1: number; 2: number; 3: number };
    const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotateLeft(state[3], 11);
    return result;
  }

  /** An integer from 0 to `bound - 1`, each equally likely. `bound` is from 1 to 2^32. */
  below(bound: number): number {
    // Numbers from the last, incomplete run of `bound` would favour its start: draw again.
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    for (;;) {
      const drawn = this.next();
      if (drawn < limit) return drawn % bound;
    }
  }

  /** A number from 0 to just below 1, of 53 random bits. */
  fraction(): number {
    const high = this.next() >>> 5;
    return (high * 0x400_0000 + (this.next() >>> 6)) / 0x20_0000_0000_0000;
  }

  /** Puts an array in random order, in place (Fisher and Yates), and returns it. */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      const item = items[last] as T;
      items[last] = items[other] as T;
      items[other] = item;
    }
    return items;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
