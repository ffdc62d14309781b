import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';

/** xoshiro128** in arbitrary precision, written from the paper. */
function* reference(seeds: readonly bigint[]): Generator<number> {
  const word = (x: bigint): bigint => x & 0xffff_ffffn;
  const rotate = (x: bigint, bits: bigint): bigint => word((x << bits) | (x >> (32n - bits)));
  let [a, b, c, d] = seeds as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number(word(rotate(word(b * 5n), 7n) * 9n));
    const shifted = word(b << 9n);
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11n);
  }
}

/** splitmix32 in arbitrary precision. */
function seedsOf(seed: bigint): bigint[] {
  let mixed = seed;
  return [0, 1, 2, 3].map(() => {
    mixed = (mixed + 0x9e37_79b9n) & 0xffff_ffffn;
    let word = mixed;
    word = ((word ^ (word >> 16n)) * 0x21f0_aaadn) & 0xffff_ffffn;
    word = ((word ^ (word >> 15n)) * 0x735a_2d97n) & 0xffff_ffffn;
    return word ^ (word >> 15n);
  });
}

const take = (numbers: Generator<number>, count: number): number[] =>
  Array.from({ length: count }, () => numbers.next().value as number);

describe('Random', () => {
  test('the reference gives the published values', () => {
    expect(take(reference([1n, 2n, 3n, 4n]), 6)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492,
    ]);
  });

  test.each([0, 1, 42, 0xffff_ffff])('equals the reference for seed %i', (seed) => {
    const random = new Random(seed);
    const expected = take(reference(seedsOf(BigInt(seed))), 1000);
    expect(expected.map(() => random.next())).toEqual(expected);
  });

  test('the first numbers of seed 1 never change', () => {
    const random = new Random(1);
    expect([random.next(), random.next(), random.next()]).toEqual([393288148, 2174103013, 3814759091]);
    expect(new Random(1).shuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([5, 7, 6, 9, 2, 0, 1, 3, 4, 8]);
  });

  test('below is uniform', () => {
    const random = new Random(9);
    for (const bound of [1, 2, 3, 7, 10]) {
      const counts = new Array<number>(bound).fill(0);
      for (let draw = 0; draw < 20_000; draw += 1) counts[random.below(bound)]! += 1;
      const expected = 20_000 / bound;
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // Beyond the 99.99 % point for up to nine degrees of freedom.
      expect(chiSquare).toBeLessThan(34);
    }
  });

  test('below draws again where the modulus would favour small numbers', () => {
    const random = new Random(2);
    // Of 2^32 numbers, a third lies above the last multiple of this bound.
    const bound = 0xaaaa_aaaa;
    let small = 0;
    for (let draw = 0; draw < 10_000; draw += 1) if (random.below(bound) < bound / 2) small += 1;
    expect(Math.abs(small / 10_000 - 0.5)).toBeLessThan(0.02);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
  });

  test('fraction is uniform, and as fine as numbers are', () => {
    const random = new Random(6);
    const counts = new Array<number>(10).fill(0);
    let odd = 0;
    for (let draw = 0; draw < 20_000; draw += 1) {
      const fraction = random.fraction();
      counts[Math.floor(10 * fraction)]! += 1;
      odd += (fraction * 2 ** 53) % 2;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chiSquare).toBeLessThan(34);
    expect(Math.abs(odd / 20_000 - 0.5)).toBeLessThan(0.02);
    const [first, second] = [new Random(1), new Random(1)];
    expect(first.fraction()).toBe((Math.floor(second.next() / 32) * 2 ** 26 + Math.floor(second.next() / 64)) / 2 ** 53);
  });

  test('shuffle reaches every order equally often', () => {
    const random = new Random(4);
    const counts = new Map<string, number>();
    for (let round = 0; round < 24_000; round += 1) {
      const order = random.shuffle(['a', 'b', 'c', 'd']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(random.shuffle([])).toEqual([]);
    expect(random.shuffle([7])).toEqual([7]);
  });
});
