// Accuracy on known data sets: node bench/accuracy/run.mjs --help
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createEngine } from '../../dist/index.js';
import { main } from '../../scripts/setup/entry.mjs';
import { Failure } from '../../scripts/setup/failure.mjs';
import { dataFolder } from '../../scripts/setup/project.mjs';
import { findPython } from '../run/hosts.mjs';
import { list } from '../run/options.mjs';
import { readRecord, showFigures, writeRecord } from '../run/record.mjs';
import { accuracyTable, figuresOf, merged } from './figures.mjs';
import { sets } from './sets.mjs';
import { trainAndTest } from './train.mjs';
import { trainTwin } from './twin.mjs';

const place = (name) => new URL(name, import.meta.url);
const file = JSON.parse(readFileSync(place('cases.json'), 'utf8'));
const names = file.cases.map(({ name }) => name);

const HELP = `Accuracy of classifiers on known data sets: node bench/accuracy/run.mjs [options]

  --only A,B        cases: ${names.join(', ')} (default all)
  --data DIR        the folder of data sets (default DATA_DIR, else shared/data beside the checkout)
  --python FILE     a Python that has torch, for the twins (default a python3 on PATH that has it; none with --python none)
  --twins N         seeds that PyTorch trains, too (default all)
  --threads N       threads that train (default 1)
  --json FILE       where the record goes (default bench/records/accuracy.json); cases that are not run stay there
  --readme          puts the table of the record into bench/accuracy/README.md, too
  --help            this text
`;

function readOptions(args) {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  try {
    const { values } = parseArgs({ args, options: { only: text, data: text, python: text, twins: text, threads: text, json: text, readme: flag, help: flag } });
    return { data: dataFolder, twins: 'Infinity', threads: '1', ...values, only: list('only', values.only, names) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${error.message} See node bench/accuracy/run.mjs --help.`);
  }
}

/** Every seed of a case, here and in PyTorch. */
async function runCase(one, { data, engine, python, twins }, say) {
  const examples = await sets[one.data](data);
  const runs = [];
  for (let seed = 1; seed <= one.seeds; seed += 1) {
    const ours = await trainAndTest(one, file, examples, seed, engine);
    const twin = one.twin && python && seed <= twins ? await trainTwin(one, file, examples, seed, python) : undefined;
    runs.push({ seed, ...ours, twin });
    const percent = ({ accuracy, seconds }) => `${(100 * accuracy).toFixed(2)} % in ${seconds.toFixed(0)} s`;
    say(`${one.name}, seed ${seed}: ${percent(ours)}${twin ? `; PyTorch ${percent(twin)}` : ''}`);
  }
  return { name: one.name, train: examples.train.length, test: examples.test.length, runs };
}

await main(async (args) => {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!existsSync(options.data)) throw new Failure(`There is no data folder ${options.data}; name it with --data or DATA_DIR.`);
  const { python } = options.python === 'none' ? {} : await findPython(options.python);
  const engine = await createEngine({ threads: Number(options.threads) });
  const say = (line) => process.stderr.write(`${line}\n`);
  const path = options.json ?? place('../records/accuracy.json').pathname;
  let { results } = readRecord(path) ?? { results: [] };
  for (const one of file.cases.filter(({ name }) => options.only.includes(name))) {
    const result = await runCase(one, { data: options.data, engine, python, twins: Number(options.twins) }, say);
    results = merged(file.cases, results, [result]);
    writeRecord(path, { date: new Date().toISOString(), results });
  }
  engine.dispose();
  const table = accuracyTable(figuresOf(file.cases, results));
  process.stdout.write(`${table}\n`);
  if (options.readme) showFigures(place('README.md'), table);
  return 0;
});
