// Measures this library beside its rivals and prints a table; `--json FILE` keeps the figures.
//   node bench/run.mjs [--rounds 5] [--only lstm|tagger] [--json FILE]
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { forwardOperations, lstms, taggers } from './cases.mjs';
import * as onnxruntime from './engines/onnxruntime.mjs';
import * as ostinato from './engines/ostinato.mjs';
import * as tensorflow from './engines/tensorflow.mjs';
import { measure } from './measure.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, only: { type: 'string' }, json: { type: 'string' } },
});
const rounds = Number(options.rounds);
const engines = [ostinato, onnxruntime, tensorflow];

/** What is compared: the function of an engine, its unit, and how much of that unit a run is. */
const tasks = [
  { group: 'lstm', task: 'lstmForward', title: 'forward', unit: 'GFLOP/s', cases: lstms, amount: (c) => forwardOperations(c) / 1e9 },
  { group: 'lstm', task: 'lstmTraining', title: 'forward + backward', unit: 'GFLOP/s', cases: lstms, amount: (c) => (3 * forwardOperations(c)) / 1e9 },
  { group: 'tagger', task: 'taggerTraining', title: 'training step', unit: 'tokens/s', cases: taggers, amount: (c) => c.batch * c.time },
].filter(({ group }) => options.only === undefined || options.only === group);

/** Engines must agree on the result before anything is timed. */
function check(prepared, { name }) {
  const [first, ...others] = prepared;
  for (const other of others) {
    const [expected, given] = [first.task.result(), other.task.result()];
    let worst = expected.length === given.length ? 0 : Infinity;
    for (let i = 0; i < expected.length; i += 1) worst = Math.max(worst, Math.abs(expected[i] - given[i]));
    if (!(worst < 1e-4)) throw new Error(`${name}: ${other.engine} differs from ${first.engine} by ${worst}`);
  }
}

async function compare({ task, title, unit, amount }, sizes) {
  const prepared = [];
  for (const engine of engines.filter((candidate) => candidate[task] !== undefined)) {
    const made = await engine[task](sizes);
    await made.run();
    prepared.push({ engine: engine.name, task: made });
  }
  check(prepared, sizes);
  const times = await measure(prepared.map((one) => one.task), rounds);
  for (const one of prepared) await one.task.dispose();
  return prepared.map(({ engine }, i) => ({
    case: sizes.name, task: title, unit, engine,
    value: amount(sizes) / times[i].median, least: amount(sizes) / times[i].most, most: amount(sizes) / times[i].least,
  }));
}

const figure = (x) => (x >= 1000 ? Math.round(x).toLocaleString('en') : x.toFixed(1));

console.log(`Node ${process.versions.node}, ${cpus()[0].model.trim()}, one thread, median of ${rounds} interleaved rounds (least–most)\n`);
const record = { date: new Date().toISOString(), node: process.versions.node, cpu: cpus()[0].model.trim(), rounds, figures: [] };
for (const kind of tasks) {
  console.log(`| ${kind.group} ${kind.title}, ${kind.unit} | ${engines.map(({ name }) => name).join(' | ')} | ratio |`);
  console.log(`|---|${'---|'.repeat(engines.length + 1)}`);
  for (const sizes of kind.cases) {
    const figures = await compare(kind, sizes);
    record.figures.push(...figures);
    const cells = engines.map(({ name }) => {
      const found = figures.find((one) => one.engine === name);
      return found ? `${figure(found.value)} (${figure(found.least)}–${figure(found.most)})` : 'cannot';
    });
    const rivals = figures.slice(1).map(({ value }) => value);
    const ratio = rivals.length > 0 ? `${(figures[0].value / Math.max(...rivals)).toFixed(1)}×` : '';
    console.log(`| ${sizes.name} | ${cells.join(' | ')} | ${ratio} |`);
  }
  console.log();
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(record, null, 2)}\n`);
