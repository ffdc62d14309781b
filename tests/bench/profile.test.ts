import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cases, casesOf } from '../../bench/profile/cases.mjs';
import { groupOf, groups, sharesOf } from '../../bench/profile/groups.mjs';
import { productOperations } from '../../bench/profile/operations.mjs';
import { HELP, readOptions } from '../../bench/profile/options.mjs';
import { hitsOf, sampled } from '../../bench/profile/sampled.mjs';
import { profileTable } from '../../bench/profile/table.mjs';
import { withFigures } from '../../bench/run/record.mjs';
import { forwardOperations } from '../../bench/run/tasks.mjs';

const names = cases.map(({ name }: { name: string }) => name);

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions([])).toMatchObject({ only: names, variant: 'relaxed', seconds: 2, readme: false, help: false });
    expect(readOptions(['--only', 'tagger 32, decode 1', '--variant', 'baseline', '--seconds', '0.5', '--data', 'there'])).toMatchObject({
      only: ['tagger 32', 'decode 1'], variant: 'baseline', seconds: 0.5, data: 'there',
    });
  });

  it('names what is wrong', () => {
    expect(() => readOptions(['--rounds', '3'])).toThrow(/--rounds.*node bench\/profile.mjs --help/);
    expect(() => readOptions(['--variant', 'threads'])).toThrow('--variant: expected relaxed or baseline, given threads');
    for (const wrong of ['none', '0', 'Infinity']) {
      expect(() => readOptions(['--seconds', wrong])).toThrow(`--seconds: expected a number above 0, given ${wrong}`);
    }
    expect(() => readOptions(['--only', 'tagger 3'])).toThrow('--only: expected some of lstm');
  });

  it('tells of every case', () => {
    expect(HELP.split(/,?\s*\n\s*|, /)).toEqual(expect.arrayContaining(names));
  });
});

describe('the cases', () => {
  it('are cases of the bench, once each, and can be told apart on a command line', () => {
    expect(new Set(names).size).toBe(names.length);
    const found = casesOf(names, '/nowhere');
    expect(found.map(({ name }: { name: string }) => name)).toEqual(names.filter((name: string) => name !== 'resume-ner'));
    for (const { name, sizes, table } of found) {
      expect(name).not.toContain(',');
      expect(table.amount(sizes)).toBeGreaterThan(0);
      expect(productOperations(table.task, sizes)).toBeGreaterThan(0);
    }
  });
});

describe('operations of the products', () => {
  it('leave out what is not computed', () => {
    const sizes = { batch: 2, time: 3, input: 5, hidden: 7, directions: 2, layers: 2 };
    expect(productOperations('lstmForward', sizes)).toBe(forwardOperations(sizes, 4));
    expect(productOperations('lstmTraining', sizes)).toBe(3 * forwardOperations(sizes, 4) - 2 * 2 * 2 * 3 * 4 * 7 * 5);
  });

  it('count words, not padding', () => {
    const sizes = { batch: 2, time: 3, embedding: 5, hidden: 7, tags: 4 };
    const forward = 6 * (2 * 2 * 4 * 7 * (5 + 7) + 2 * 14 * 4);
    expect(productOperations('taggerDecode', sizes)).toBe(forward);
    expect(productOperations('taggerTraining', sizes)).toBe(3 * forward);
    expect(productOperations('corpusTraining', sizes, 6)).toBe(3 * forward);
    expect(productOperations('classifierTraining', { ...sizes, classes: 4 })).toBe(3 * (6 * 2 * 2 * 4 * 7 * 12 + 2 * 2 * 14 * 4));
  });
});

describe('a profile', () => {
  const frame = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });

  it('counts hits of functions of the core, from the beginning of the work to its end', () => {
    const nodes = [
      frame(1, 'kernels::a', 'wasm://wasm/core-1'), frame(2, 'stepSync', 'file:///trainer.js'), frame(3, 'post', 'node:inspector'),
      frame(4, '(garbage collector)', ''), frame(5, 'kernels::a', 'wasm://wasm/core-1'), frame(6, 'js-to-wasm:ii:i', 'wasm://wasm/core-1'),
    ];
    // The first sample is of starting, the last of stopping.
    const profile = { nodes, startTime: 5000, samples: [3, 1, 2, 5, 4, 6, 3], timeDeltas: [1000, 18, 20, 30, 5, 1, 900] };
    expect(hitsOf(profile, 6008, 6100)).toEqual({ core: { 'kernels::a': 2 }, host: 3 });
  });

  it('is taken of the work alone', async () => {
    const start = performance.now();
    const { core, host } = await sampled(async () => {
      for (let now = start; now - start < 1000; now = performance.now());
    });
    expect(core).toEqual({});
    expect(host).toBeGreaterThan(0);
  });

  it('groups functions by what they do', () => {
    const of = {
      'kernels[400b374491e01c08]::gemm::micro::block::<simd[9f6d968d6c8beac0]::wasm32::Simd128, 2usize, 3usize, true>': 'tile',
      'kernels[400b374491e01c08]::gemm::row::panels::<simd[9f6d968d6c8beac0]::wasm32::Simd128, 4usize>': 'row',
      'kernels::gemm::transposed::block::<simd::wasm32::Simd128, 2usize, 6usize>': 'tile',
      'kernels::gemm::transposed::block::<simd::wasm32::Simd128, 1usize, 12usize>': 'row',
      '<kernels[400b374491e01c08]::gemm::rows::Rows<f32>>::new': 'packing',
      'kernels::reduce::add_rows::<simd::wasm32::Simd128>': 'sums',
      'kernels::sequence::gradient::weight_gradient::<simd::wasm32::Simd128>': 'packing',
      'kernels::cell::lstm::lstm_cell_forward::<simd::wasm32::Simd128>': 'gates',
      '<nn::blocks::crf::best::Best as nn::block::Block<simd::wasm32::Simd128>>::forward': 'loss',
      '<nn::optim::Rule>::apply::<simd::wasm32::Simd128>': 'optimiser',
      '<nn::trainer::Trainer<simd::wasm32::Simd128>>::apply': 'optimiser',
      'kernels::dropout::dropout_backward::<simd::wasm32::Simd128>': 'dropout',
      '<nn::gradient::SparseGradient<f32>>::row_mut': 'embedding',
      '<nn::gradient::Gradients<f32>>::clear': 'sums',
      '<nn::run::Run<simd::wasm32::Simd128>>::train::{closure#0}': 'sums',
      '<nn::blocks::lstm::Lstm as nn::blocks::recurrent::cell::Cell<simd::wasm32::Simd128>>::forward': 'copies',
      '<simd::aligned::Aligned as core::alloc::global::GlobalAlloc>::alloc_zeroed': 'allocation',
      '<nn::axis::Axis>::arrange': 'rest',
    };
    for (const [name, group] of Object.entries(of)) expect([name, groupOf(name)]).toEqual([name, group]);
    expect(new Set(Object.values(of))).toEqual(new Set([...groups.map(({ id }: { id: string }) => id), 'rest']));
  });

  it('is told in shares of the whole', () => {
    const shares = sharesOf({ core: { 'kernels::gemm::micro::rows': 30, 'kernels::gemm::micro::edge': 30, 'nn::axis': 20 }, host: 20 });
    expect(shares).toMatchObject({ tile: 0.6, row: 0, rest: 0.2, host: 0.2 });
    const [head, , row] = profileTable([{ name: 'small', unit: 'tokens/s', shares, rate: 1234.5, products: 54.32e9 }]).split('\n');
    expect(head).toMatch(/^\| Share of the time, % \| tiles \| one row \|.*\| rest of the core \| JavaScript \| rate \| products, GFLOP\/s \|$/);
    expect(row).toMatch(/^\| small \| 60\.0 \|  \|.*\| 20\.0 \| 20\.0 \| 1,235 tokens\/s \| 54\.3 \|$/);
  });

  it('has a place of its own in the page', () => {
    const page = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8');
    const shown = withFigures(page, 'the table', 'profile');
    expect(shown).toContain('<!-- profile -->\nthe table\n\n<!-- /profile -->\n\n## Kernels');
    expect(shown.startsWith(page.slice(0, page.indexOf('<!-- profile -->')))).toBe(true);
  });
});
