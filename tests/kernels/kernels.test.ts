import { expect, test } from 'vitest';
import { TestModule } from '../testModule.js';
import { variant } from '../variant.js';

const suites = new TestModule();

test(`${variant}: there are kernel cases, and none beyond the last`, () => {
  expect(suites.caseCount).toBeGreaterThan(100);
  expect(suites.runCase(suites.caseCount).failure).toBeDefined();
});

test(`${variant}: every kernel case holds inside WebAssembly`, () => {
  const outcomes = Array.from({ length: suites.caseCount }, (_, index) => suites.runCase(index));
  expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
});
