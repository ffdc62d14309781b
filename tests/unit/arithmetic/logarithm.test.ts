import { expect, test } from 'vitest';
import { ln } from '../../../ts/src/arithmetic/logarithm.js';
import { Random } from '../../../ts/src/data/random.js';

test('ln is the logarithm', () => {
  const random = new Random(2);
  const numbers = [1, 2, 0.5, Math.SQRT1_2, Math.SQRT2, 1 - 2 ** -53, 1 + 2 ** -52, 2 ** -1022, Number.MAX_VALUE, Math.E, 10];
  for (let round = 0; round < 2000; round += 1) numbers.push((1 + random.next() / 2 ** 32) * 2 ** (random.below(400) - 200));
  for (const number of numbers) expect(Math.abs(ln(number) - Math.log(number))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(number))));
});
