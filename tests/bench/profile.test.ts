import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { cases, casesOf } from '../../bench/profile/cases.mjs';
import { groupOf, groups, sharesOf, WAITING } from '../../bench/profile/groups.mjs';
import { productOperations } from '../../bench/profile/operations.mjs';
import { HELP, readOptions } from '../../bench/profile/options.mjs';
import { hitsOf, sampled, serialHits, timelineOf } from '../../bench/profile/sampled.mjs';
import { profileTable, threadsTable } from '../../bench/profile/table.mjs';
import { withFigures } from '../../bench/run/record.mjs';
import { forwardOperations } from '../../bench/run/tasks.mjs';

const names = cases.map(({ name }: { name: string }) => name);
const shared = cases.filter((one: { shared?: boolean }) => one.shared).map(({ name }: { name: string }) => name);

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions([])).toMatchObject({ only: names, variant: 'relaxed', threads: 1, seconds: 2, readme: false, help: false });
    expect(readOptions(['--only', 'tagger 32, decode 1', '--variant', 'baseline', '--seconds', '0.5', '--data', 'there'])).toMatchObject({
      only: ['tagger 32', 'decode 1'], variant: 'baseline', seconds: 0.5, data: 'there',
    });
    expect(shared).toContain('tagger 32');
    expect(readOptions(['--threads', '2'])).toMatchObject({ only: shared, variant: 'relaxed', threads: 2, seconds: 5 });
    expect(readOptions(['--threads', '3', '--only', 'decode 32', '--seconds', '1'])).toMatchObject({ only: ['decode 32'], threads: 3, seconds: 1 });
  });

  it('names what is wrong', () => {
    expect(() => readOptions(['--rounds', '3'])).toThrow(/--rounds.*node bench\/profile.mjs --help/);
    expect(() => readOptions(['--variant', 'threads'])).toThrow('--variant: expected relaxed or baseline, given threads');
    for (const wrong of ['none', '0', 'Infinity']) {
      expect(() => readOptions(['--seconds', wrong])).toThrow(`--seconds: expected a number above 0, given ${wrong}`);
    }
    for (const wrong of ['two', '0', '1.5']) {
      expect(() => readOptions(['--threads', wrong])).toThrow(`--threads: expected a whole number above 0, given ${wrong}`);
    }
    expect(() => readOptions(['--threads', '2', '--variant', 'baseline'])).toThrow('--variant: expected relaxed beside --threads 2, given baseline');
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
    expect(hitsOf(timelineOf(profile, 6008, 6100))).toEqual({ core: { 'kernels::a': 2 }, host: 3 });
  });

  it('is taken of the work alone', async () => {
    const start = performance.now();
    const { threads } = await sampled(async () => {
      for (let now = start; now - start < 1000; now = performance.now());
    });
    expect(threads).toEqual([{ core: {}, host: expect.any(Number) }]);
    expect(threads[0]?.host).toBeGreaterThan(0);
  });

  it('is taken of workers, too, whatever they are doing', async () => {
    // One never ends, and the other sleeps.
    const codes = ['for (;;);', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'];
    const workers = codes.map((code) => new Worker(`require('node:worker_threads').parentPort.postMessage(0); ${code}`, { eval: true }));
    await Promise.all(workers.map((worker) => new Promise((ready) => worker.once('message', ready))));
    const { threads } = await sampled(() => new Promise((done) => setTimeout(done, 1000)));
    await Promise.all(workers.map((worker) => worker.terminate()));
    expect(threads).toHaveLength(3);
    for (const { core, host } of threads) {
      expect(core).toEqual({});
      expect(host).toBeGreaterThan(0);
    }
  });

  it('tells what the calling thread does while another waits', () => {
    const samples = (...all: [number, string?][]) => all.map(([at, name]) => ({ at, name }));
    const calling = samples([1000, 'nn::a'], [2000, 'nn::b'], [3000], [4000, 'nn::d'], [5000, 'nn::e']);
    const helper = samples([950, 'nn::a'], [2050, 'rayon_core::find'], [2920, 'rayon_core::find'], [4500, 'rayon_core::find'], [5000]);
    // At 4000 nobody knows what the helper did.
    expect(serialHits([calling, helper])).toEqual({ hits: { core: { 'nn::b': 1 }, host: 1 }, of: 4 });
    expect(sharesOf({ core: { 'nn::b': 1 }, host: 1 }, 4)).toMatchObject({ rest: 0.25, host: 0.25, tile: 0 });
    const busy = samples([1000, 'nn::a'], [2000, 'nn::a'], [3000, 'nn::a'], [5000, 'rayon_core::find']);
    expect(serialHits([calling, helper, busy])).toEqual({ hits: { core: { 'nn::b': 1, 'nn::e': 1 }, host: 1 }, of: 4 });
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
      'kernels::par::team::wait': 'waiting',
      'std::thread::functions::sleep': 'waiting',
      '<std::sys::sync::condvar::futex::Condvar>::wait': 'waiting',
      '<rayon_core::registry::WorkerThread>::find_work': 'waiting',
      '<crossbeam_deque::deque::Stealer<rayon_core::job::JobRef>>::steal': 'waiting',
      '<rayon_core::job::HeapJob<<rayon_core::scope::Scope>::spawn<kernels::par::team::share<nn::optim::Part<f32>>>>>::execute': 'optimiser',
    };
    for (const [name, group] of Object.entries(of)) expect([name, groupOf(name)]).toEqual([name, group]);
    expect(new Set(Object.values(of))).toEqual(new Set([...[...groups, WAITING].map(({ id }: { id: string }) => id), 'rest']));
  });

  it('is told in shares of the whole', () => {
    const shares = sharesOf({ core: { 'kernels::gemm::micro::rows': 30, 'kernels::gemm::micro::edge': 30, 'nn::axis': 20 }, host: 20 });
    expect(shares).toMatchObject({ tile: 0.6, row: 0, rest: 0.2, host: 0.2 });
    const [head, , row] = profileTable([{ name: 'small', unit: 'tokens/s', shares, rate: 1234.5, products: 54.32e9 }]).split('\n');
    expect(head).toMatch(/^\| Share of the time, % \| tiles \| one row \|.*\| rest of the core \| JavaScript \| rate \| products, GFLOP\/s \|$/);
    expect(row).toMatch(/^\| small \| 60\.0 \|  \|.*\| 20\.0 \| 20\.0 \| 1,235 tokens\/s \| 54\.3 \|$/);
  });

  it('is told of each thread in shares of the time of one alone', () => {
    const alone = sharesOf({ core: { 'kernels::gemm::micro::rows': 80, 'nn::axis': 20 }, host: 0 });
    const calling = sharesOf({ core: { 'kernels::gemm::micro::rows': 45, 'nn::axis': 5 }, host: 0 }, 100);
    const helper = sharesOf({ core: { 'kernels::gemm::micro::rows': 35, 'kernels::par::team::wait': 15 }, host: 0 }, 100);
    const serial = sharesOf({ core: { 'nn::axis': 3 }, host: 1 }, 40);
    const lines = threadsTable([{ name: 'small', unit: 'tokens/s', rates: [1000, 2000], alone, together: [calling, helper], serial }]).split('\n');
    expect(lines[0]).toMatch(/^\| Time, % of one thread alone \| tiles \|.*\| rest of the core \| JavaScript \| waiting \| together \| rate \|$/);
    expect(lines[2]).toMatch(/^\| small, alone \| 80\.0 \|.*\| 20\.0 \|  \|  \| 100\.0 \| 1,000 tokens\/s \|$/);
    expect(lines[3]).toMatch(/^\| calling thread \| 45\.0 \|.*\| 5\.0 \|  \|  \| 50\.0 \| 2,000 tokens\/s, 2\.00× \|$/);
    expect(lines[4]).toMatch(/^\| helper \| 35\.0 \|.*\|  \|  \| 15\.0 \| 50\.0 \|  \|$/);
    expect(lines[5]).toMatch(/^\| calling thread while another waits \|  \|.*\| 7\.5 \| 2\.5 \|  \| 10\.0 \|  \|$/);
  });

  it.each(['profile', 'threads'])('has a place of its own in the page: %s', (mark) => {
    const page = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8');
    const shown = withFigures(page, 'the table', mark);
    expect(shown).toContain(`<!-- ${mark} -->\nthe table\n\n<!-- /${mark} -->\n\n`);
    expect(shown.startsWith(page.slice(0, page.indexOf(`<!-- ${mark} -->`)))).toBe(true);
    expect(shown.endsWith(page.slice(page.indexOf(`<!-- /${mark} -->`)))).toBe(true);
  });
});
