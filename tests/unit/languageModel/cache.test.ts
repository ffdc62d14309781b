import { describe, expect, test } from 'vitest';
import { ContinuousCache } from '../../../ts/src/models/languageModel/cache.js';

const width = 3;
const theta = 0.7;
const share = 0.2;
const states = Array.from({ length: 12 }, (_, at) => Float32Array.from({ length: width }, (__, unit) => Math.sin(3 * at + unit)));
const tokens = [4, 5, 4, 6, 4, 5, 5, 4, 6, 6, 4, 4];
const logProbs = tokens.map((_, at) => -1 - at / 7);

/** The paper's formula, over the last `size` states before a step. */
function expected(at: number, size: number): number {
  const held = [...states.keys()].slice(Math.max(0, at - size), at);
  const likeness = (entry: number): number => {
    const product = (states[entry] as Float32Array).reduce((sum, value, unit) => sum + value * ((states[at] as Float32Array)[unit] as number), 0);
    return Math.exp(theta * product);
  };
  if (held.length === 0) return logProbs[at] as number;
  const all = held.reduce((sum, entry) => sum + likeness(entry), 0);
  const same = held.filter((entry) => tokens[entry] === tokens[at]).reduce((sum, entry) => sum + likeness(entry), 0);
  return Math.log((1 - share) * Math.exp(logProbs[at] as number) + (share * same) / all);
}

describe('a continuous cache', () => {
  test.each([1, 2, 5, 100])('of %i mixes in what followed states that were alike', (size) => {
    const cache = new ContinuousCache({ size, theta, share }, width);
    states.forEach((state, at) => {
      expect(cache.next(state, tokens[at] as number, logProbs[at] as number)).toBeCloseTo(expected(at, size), 6);
    });
  });

  test('leaves probabilities that add up to one', () => {
    const probabilities = [0.5, 0.25, 0.125, 0.125];
    const sums = states.map((_, last) => {
      const whole = probabilities.map((probability, token) => {
        const cache = new ContinuousCache({ size: 4, theta, share }, width);
        states.slice(0, last).forEach((state, at) => cache.next(state, (tokens[at] as number) % 4, -1));
        return Math.exp(cache.next(states[last] as Float32Array, token, Math.log(probability)));
      });
      return whole.reduce((sum, probability) => sum + probability, 0);
    });
    for (const sum of sums) expect(sum).toBeCloseTo(1, 6);
  });
});
