// Counting what passed and what failed, out of what the test tools report.

/** A running total over all suites. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;

  add({ passed = 0, failed = 0, skipped = 0 }) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
  }

  toString() {
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    return `${this.passed} passed, ${this.failed} failed${skipped}`;
  }
}

/**
 * Counts of a suite whose tool ended with `code`. A tool that failed without naming a failed test (it crashed, or a file
 * did not load) counts as one failure, and so does one that ran no test at all: nothing has been shown then.
 */
export function settle({ passed, failed, skipped = 0 }, code) {
  if (failed === 0 && (code !== 0 || passed === 0)) return { passed, failed: 1, skipped };
  return { passed, failed, skipped };
}

/** Counts in cargo test's output: one summary line for each test binary. */
export function countCargo(output) {
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  return counts;
}

/** What the title of a test ends with that may be skipped, as it reads a data set. */
export const WITHOUT_DATA = '(skipped where the data set is absent)';

/** Counts in vitest's JSON report. A skipped test counts as failed, unless its title says that it may be skipped. */
export function countVitest(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, title } of report.testResults.flatMap(({ assertionResults }) => assertionResults)) {
    if (status === 'passed') counts.passed += 1;
    else if (status !== 'failed' && title.endsWith(WITHOUT_DATA)) counts.skipped += 1;
    else counts.failed += 1;
  }
  return counts;
}
