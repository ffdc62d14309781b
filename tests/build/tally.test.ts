import { describe, expect, it } from 'vitest';
import { choose, suites } from '../../scripts/testing/suites.mjs';
import { Tally, WITHOUT_DATA, countCargo, countVitest, settle } from '../../scripts/testing/tally.mjs';

describe('counting', () => {
  it("adds up cargo's test binaries", () => {
    const output = [
      'running 3 tests',
      'test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
      'test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
    ].join('\n');
    expect(countCargo(output)).toEqual({ passed: 13, failed: 2 });
  });

  it("counts vitest's tests; one that is skipped has failed unless its data set is absent", () => {
    const results = (...tests: [string, string][]) => ({ assertionResults: tests.map(([status, title]) => ({ status, title })) });
    const report = {
      testResults: [
        results(['passed', 'adds'], ['failed', 'divides'], ['skipped', `reads ${WITHOUT_DATA}`]),
        results(['passed', `tells ${WITHOUT_DATA}`], ['skipped', 'multiplies'], ['todo', 'subtracts'], ['pending', 'halves']),
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 2, failed: 4, skipped: 1 });
  });

  it('counts a tool that failed without a failed test, or ran none, as one failure', () => {
    expect(settle({ passed: 4, failed: 0 }, 0)).toEqual({ passed: 4, failed: 0, skipped: 0 });
    expect(settle({ passed: 4, failed: 0 }, 1)).toEqual({ passed: 4, failed: 1, skipped: 0 });
    expect(settle({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(settle({ passed: 4, failed: 2 }, 1)).toEqual({ passed: 4, failed: 2, skipped: 0 });
  });

  it('says the total in plain words', () => {
    const tally = new Tally();
    tally.add({ passed: 2, failed: 0 });
    tally.add({ failed: 1 });
    expect(String(tally)).toBe('2 passed, 1 failed');
    tally.add({ skipped: 3 });
    expect(String(tally)).toBe('2 passed, 1 failed, 3 skipped');
  });
});

describe('choosing suites', () => {
  it('takes a name for everything that begins with it', () => {
    expect(choose(['golden'])).toEqual([suites['golden:native'], suites.golden, suites['golden:relaxed']]);
    expect(choose(['nonsense'])).toEqual([]);
  });

  it('leaves out of a full run what another suite covers', () => {
    expect(choose([])).not.toContain(suites['golden:native']);
    expect(choose([])).toContain(suites.rust);
  });
});
