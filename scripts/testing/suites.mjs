// Every suite: what it needs and how it runs. Each run resolves with `{ passed, failed }`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { attempt } from '../setup/command.mjs';
import { ensureChromium, ensureFirefox } from '../setup/browsers.mjs';
import { ensureBun, ensureDeno, ensureRelaxedNode } from '../setup/host.mjs';
import { at } from '../setup/project.mjs';
import { hostCargo } from '../setup/rust.mjs';
import { say } from '../setup/step.mjs';
import { countCargo, countVitest, settle } from './tally.mjs';

/** One check that is a program's exit code. */
async function check(command, args, options) {
  const { code } = await attempt(command, args, { live: true, ...options });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const types = () => check(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tests/tsconfig.json')]);

/** The data set that ships: its checks, the words for days and times, and that its files are what its grammar and its authors wrote. */
async function calendar() {
  const tests = ['grammar/check.test.mjs', 'when.test.mjs'].map((file) => at('examples/calendar', file));
  const checks = await check(process.execPath, ['--test', ...tests]);
  const files = await check(process.execPath, [at('examples/calendar/generate.mjs'), '--check']);
  return { passed: checks.passed + files.passed, failed: checks.failed + files.failed };
}

/** rustfmt and clippy come with rustup but not with every distribution's Rust. */
async function cargoCheck(component, args) {
  const cargo = hostCargo();
  if ((await attempt(cargo, [component, '--version'])).code !== 0) {
    say(`  cargo ${component} is not installed here: not checked`);
    return { passed: 0, failed: 0 };
  }
  return check(cargo, args);
}

const format = () => cargoCheck('fmt', ['fmt', '--all', '--check']);
const clippy = () => cargoCheck('clippy', ['clippy', '--quiet', '--workspace', '--all-targets', '--', '-D', 'warnings']);

async function cargoTest(...args) {
  const { code, output } = await attempt(hostCargo(), ['test', '--quiet', '--no-fail-fast', ...args], { live: true });
  return settle(countCargo(output), code);
}

/** Runs vitest's projects against one artifact, under a Node that can run it. */
async function vitest(projects, variant, { node = process.execPath, env = {} } = {}) {
  const report = at('target/test-results', `${projects.join('-')}-${variant}.json`);
  mkdirSync(at('target/test-results'), { recursive: true });
  rmSync(report, { force: true });
  const chosen = projects.flatMap((name) => ['--project', name]);
  const { code } = await attempt(
    node,
    [at('node_modules/vitest/vitest.mjs'), 'run', ...chosen, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { live: true, env: { ...process.env, ...env, OSTINATO_VARIANT: variant } },
  );
  const counts = existsSync(report) ? countVitest(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 };
  return settle(counts, code);
}

const relaxed = async (...projects) => vitest(projects, 'relaxed', { node: await ensureRelaxedNode() });

const threaded = async (...projects) => vitest(projects, 'threads', { node: await ensureRelaxedNode() });

async function runtimes() {
  // Brought here, so that no test waits for them.
  await Promise.all([ensureRelaxedNode(), ensureDeno(), ensureBun(), ensureChromium(), ensureFirefox()]);
  return vitest(['runtimes'], 'baseline');
}

const core = (variant) => [variant, 'wasm'];
const cases = (variant) => [variant, 'testing'];

/**
 * In the order of `npm test`: what is quick to fail comes first. `needs` lists the artifacts that a suite runs;
 * `alone` suites run only when they are named, since another one covers them.
 */
export const suites = {
  types: { title: 'Types of the tests', run: types, needs: [] },
  format: { title: 'Rust formatting', run: format, needs: [] },
  unit: { title: 'Unit tests', run: () => vitest(['unit', 'build'], 'baseline'), needs: [] },
  calendar: { title: 'The calendar data', run: calendar, needs: [] },
  clippy: { title: 'Rust lints', run: clippy, needs: [] },
  rust: { title: 'Rust tests, native', run: () => cargoTest('--workspace'), needs: [] },
  'rust:threads': {
    title: 'Loops shared among threads, native',
    run: () => cargoTest('-p', 'ostinato-kernels', '--features', 'threads', 'par::'),
    needs: [],
  },
  kernels: { title: 'Kernels in WebAssembly, baseline', run: () => vitest(['kernels'], 'baseline'), needs: [cases('baseline')] },
  'kernels:relaxed': { title: 'Kernels in WebAssembly, relaxed', run: () => relaxed('kernels'), needs: [cases('relaxed')] },
  'golden:native': { title: 'Golden cases, native', run: () => cargoTest('--workspace', 'golden'), needs: [], alone: true },
  golden: { title: 'Golden cases, baseline', run: () => vitest(['golden'], 'baseline'), needs: [core('baseline'), cases('baseline')] },
  'golden:relaxed': { title: 'Golden cases, relaxed', run: () => relaxed('golden'), needs: [core('relaxed'), cases('relaxed')] },
  boundary: { title: 'Boundary, baseline', run: () => vitest(['boundary'], 'baseline'), needs: [core('baseline')] },
  'boundary:relaxed': { title: 'Boundary, relaxed', run: () => relaxed('boundary'), needs: [core('relaxed')] },
  threads: { title: 'Threads', run: () => threaded('threads'), needs: [core('relaxed'), core('threads')] },
  'boundary:threads': { title: 'Boundary, two threads', run: () => threaded('boundary'), needs: [core('relaxed'), core('threads')] },
  tagger: { title: 'Tagger, baseline', run: () => vitest(['tagger'], 'baseline'), needs: [core('baseline')] },
  'tagger:relaxed': { title: 'Tagger, relaxed', run: () => relaxed('tagger'), needs: [core('relaxed')] },
  classifier: { title: 'Classifier, baseline', run: () => vitest(['classifier'], 'baseline'), needs: [core('baseline')] },
  'classifier:relaxed': { title: 'Classifier, relaxed', run: () => relaxed('classifier'), needs: [core('relaxed')] },
  extractor: { title: 'Extractor, baseline', run: () => vitest(['extractor'], 'baseline'), needs: [core('baseline')] },
  'extractor:relaxed': { title: 'Extractor, relaxed', run: () => relaxed('extractor'), needs: [core('relaxed')] },
  languageModel: { title: 'Language model, baseline', run: () => vitest(['languageModel'], 'baseline'), needs: [core('baseline')] },
  'languageModel:relaxed': { title: 'Language model, relaxed', run: () => relaxed('languageModel'), needs: [core('relaxed')] },
  'languageModel:threads': {
    title: 'Language model, two threads',
    run: () => threaded('languageModel'),
    needs: [core('relaxed'), core('threads')],
  },
  cli: { title: 'Command line', run: () => vitest(['cli'], 'baseline'), needs: [core('baseline')] },
  bench: { title: 'The bench at tiny sizes', run: () => vitest(['bench'], 'baseline'), needs: [core('baseline')] },
  runtimes: {
    title: 'The packed tarball in Node, Deno, Bun, Vite, Chromium and Firefox',
    run: runtimes,
    needs: [core('baseline'), core('relaxed'), core('threads')],
  },
};

/** The suites that a command line names: `golden` stands for `golden` and every `golden:…`. All but `alone` by default. */
export function choose(names) {
  if (names.length === 0) return Object.values(suites).filter(({ alone }) => !alone);
  return Object.entries(suites)
    .filter(([name]) => names.includes(name) || names.includes(name.split(':')[0]))
    .map(([, suite]) => suite);
}
