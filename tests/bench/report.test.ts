import { describe, expect, it } from 'vitest';
import { sizesOf } from '../../bench/run/bytes.mjs';
import { columns } from '../../bench/run/columns.mjs';
import { goalsOf, goalsTable, worst } from '../../bench/run/goals.mjs';
import { GROUPS, HELP, readOptions } from '../../bench/run/options.mjs';
import { withFigures } from '../../bench/run/record.mjs';
import { quantile, spread } from '../../bench/run/statistics.mjs';
import { comparison, figure, memory, range } from '../../bench/run/table.mjs';
import { difference, forwardOperations } from '../../bench/run/tasks.mjs';

const ids = columns.map(({ id }) => id);

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions([], ids)).toMatchObject({ rounds: 5, only: GROUPS, engines: ids, quick: false, help: false });
    expect(readOptions(['--quick'], ids).rounds).toBe(1);
    expect(readOptions(['--quick', '--rounds', '3', '--only', 'lstm,bytes'], ids)).toMatchObject({ rounds: 3, only: ['lstm', 'bytes'] });
  });

  it('names what is wrong', () => {
    expect(() => readOptions(['--variant', 'baseline'], ids)).toThrow(/--variant.*--help/);
    expect(() => readOptions(['--rounds', 'many'], ids)).toThrow('--rounds: expected a whole number above 0, given many');
    expect(() => readOptions(['--only', 'lstm,lstn'], ids)).toThrow('--only: expected some of lstm');
    expect(() => readOptions(['--engines', 'torch'], ids)).toThrow('given torch');
  });

  it('tells of every part and every column', () => {
    for (const name of [...GROUPS, ...ids]) expect(HELP).toContain(name);
  });
});

describe('figures', () => {
  it('are medians with their spread', () => {
    expect(spread([4, 1, 3])).toEqual({ median: 3, least: 1, most: 4 });
    expect(spread([4, 1, 3, 2]).median).toBe(2.5);
    expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
  });

  it('count operations by layer and direction', () => {
    const sizes = { batch: 2, time: 3, input: 5, hidden: 7, directions: 2, layers: 2 };
    expect(forwardOperations(sizes, 4)).toBe(2 * 2 * 3 * 2 * 4 * 7 * (5 + 7) + 2 * 2 * 3 * 2 * 4 * 7 * (14 + 7));
    expect(forwardOperations(sizes, 3) / forwardOperations(sizes, 4)).toBe(0.75);
  });

  it('have three digits or so', () => {
    expect([43_210.7, 54.321, 0.6789].map(figure)).toEqual(['43,211', '54.3', '0.68']);
  });

  it('count bytes as they are and compressed', () => {
    const sizes = sizesOf(['a'.repeat(1000), 'b']);
    expect(sizes.raw).toBe(1001);
    expect(sizes.gzip).toBeLessThan(100);
    expect(sizes.brotli).toBeLessThan(sizes.gzip);
  });
});

describe('results', () => {
  it('agree within a ten-thousandth', () => {
    expect(difference([1.00005, 2, 0], [1, 2, 5e-6])).toBeUndefined();
    expect(difference([1.001, 2], [1, 2])).toBe('expected 1 as result 0, given 1.001');
    expect(difference([1, NaN], [1, 2])).toContain('given NaN');
    expect(difference([1], [1, 2])).toBe('expected 2 numbers, given 1');
    expect(difference(['PLACE Oslo'], ['PLACE Riga'])).toContain('expected PLACE Riga');
    expect(difference([1], undefined)).toContain('nothing to compare');
  });
});

describe('tables', () => {
  const chosen = columns.filter(({ id }) => ['ostinato', 'onnxruntime', 'jax'].includes(id));
  const figures = [
    { task: 'lstmTraining', case: 'small', column: 'ostinato', median: 45, least: 40, most: 50 },
    { task: 'lstmTraining', case: 'small', column: 'onnxruntime', cannot: 'it infers only' },
    { task: 'lstmTraining', case: 'small', column: 'jax', failed: 'it broke\nat line 3' },
    { task: 'lstmTraining', case: 'large', column: 'onnxruntime', cannot: 'it infers only' },
  ];

  it('say why a figure is missing, each reason once', () => {
    expect(comparison('LSTM', figures, chosen, range).split('\n')).toEqual([
      '| LSTM | ostinato | onnxruntime-web | jax-js |',
      '|---|---|---|---|',
      '| small | 45.0 (40.0–50.0) | cannot ¹ | failed ² |',
      '| large |  | cannot ¹ |  |',
      '',
      '¹ it infers only  ',
      '² it broke  ',
      '',
    ]);
  });

  it('go between the marks of a page', () => {
    const page = 'before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n';
    expect(withFigures(page, 'new\n')).toBe('before\n<!-- figures -->\nnew\n\n<!-- /figures -->\nafter\n');
  });

  it('set memory beside what the sizes call for', () => {
    expect(memory({ process: 2e8, wasm: 6e7, needed: 5e7 })).toBe('200.0 MB, wasm 60.0, 1.20× of 50.0');
    expect(memory({ process: 2e8 })).toBe('200.0 MB');
  });
});

describe('goals', () => {
  const tables = [{ task: 'lstmForward', unit: 'GFLOP/s', cases: [{ name: 'a', batch: 32 }, { name: 'b', batch: 64 }, { name: 'c', batch: 1, hidden: 64 }] }];
  const at = (name: string, column: string, median: number) => ({ task: 'lstmForward', unit: 'GFLOP/s', case: name, column, median });
  const figures = [at('a', 'ostinato', 50), at('b', 'ostinato', 44), at('a', 'onnxruntime', 20), at('b', 'onnxruntime', 22)];
  const run = { figures, tables, memory: [{ column: 'ostinato', wasm: 12, needed: 10 }], bytes: [] };

  it('take the worst case', () => {
    const wide = { task: 'lstmForward', of: ({ batch }: { batch: number }) => batch >= 32 };
    expect(worst(wide, 'ostinato', run)).toBe(44);
    expect(worst({ ...wide, over: ['onnxruntime'] }, 'ostinato', run)).toBe(2);
  });

  it('leave out what was not measured', () => {
    const goals = goalsOf(run);
    expect(goals.map(({ title, value }) => [title, value])).toEqual([
      ['LSTM forward, batch ≥ 32, GFLOP/s', 44],
      ['LSTM forward against onnxruntime-web, batch ≥ 32', 2],
      ['Memory over what the sizes call for', 1.2],
    ]);
    expect(goalsTable(goals)).toContain('| LSTM forward, batch ≥ 32, GFLOP/s | ostinato | ≥ 46 | 44.0 | no |');
    expect(goalsTable(goals)).toContain('| Memory over what the sizes call for | ostinato | ≤ 1.3 | 1.20 | yes |');
  });
});
