import { expect, test } from 'vitest';
import { exp } from '../../../ts/src/arithmetic/exponential.js';
import { Random } from '../../../ts/src/data/random.js';

test('exp is the exponential function', () => {
  const random = new Random(5);
  const numbers = [0, -0, 1, -1, Math.LN2, -Math.LN2, Math.LN2 / 2, 1e-300, -1e-17, 709.78, -708.4, 88, -104];
  for (let round = 0; round < 20_000; round += 1) numbers.push((random.fraction() - 0.5) * 10 ** (random.below(6) - 3));
  for (const number of numbers) {
    const expected = Math.exp(number);
    expect(Math.abs(exp(number) - expected), `${number}`).toBeLessThanOrEqual(4e-16 * expected);
  }
});

test('exp ends where numbers do', () => {
  expect([exp(-Infinity), exp(-746), exp(710), exp(Infinity)]).toEqual([0, 0, Infinity, Infinity]);
  expect(exp(709.79)).toBe(Infinity);
  expect(exp(-745.2)).toBe(0);
  expect(exp(NaN)).toBeNaN();
  // Below the smallest normal number, precision is absolute.
  for (const number of [-709, -720.5, -740, -745]) expect(Math.abs(exp(number) - Math.exp(number))).toBeLessThanOrEqual(Number.MIN_VALUE);
});

test('exp never changes', () => {
  const bits = (number: number): string => new BigUint64Array(Float64Array.of(number).buffer)[0]?.toString(16) ?? '';
  expect([1, -1, 0.1, -37.25, 500].map((number) => bits(exp(number)))).toEqual([
    '4005bf0a8b14576a', '3fd78b56362cef38', '3ff1aec7b35a00d4', '3c93278bcd70e981', '6d045ba2a9f7e438',
  ]);
});
