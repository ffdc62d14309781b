// Speed beside other engines: npm run bench -- --help
import { existsSync } from 'node:fs';
import { HELP, readOptions } from '../bench/run/options.mjs';
import { columns } from '../bench/run/columns.mjs';
import { findHosts } from '../bench/run/hosts.mjs';
import { showFigures, writeRecord } from '../bench/run/record.mjs';
import { run, which } from './setup/command.mjs';
import { main } from './setup/entry.mjs';
import { Failure } from './setup/failure.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { at } from './setup/project.mjs';
import { say, step } from './setup/step.mjs';
import { buildTypeScript } from './build-ts.mjs';
import { buildWasm } from './build-wasm.mjs';

/** The rivals are large, so that they stay out of the project's own packages. Their programs for installation are not run. */
async function ensureRivals() {
  if (['onnxruntime-web', '@jax-js/jax', 'brain.js'].every((name) => existsSync(at('bench/node_modules', name)))) return;
  const npm = which('npm');
  if (!npm) throw new Failure('npm is needed to install the engines to compare with, and it is not on PATH.');
  await step('Installing the engines to compare with', () =>
    run('npm could not install the packages of bench/package-lock.json.', npm, ['ci', '--ignore-scripts', '--prefix', at('bench')]),
  );
}

await main(async (args) => {
  const options = readOptions(args, columns.map(({ id }) => id));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const artifacts = ['relaxed', 'baseline', ...(options.engines.includes('threads') ? ['threads'] : [])];
  await Promise.all([ensurePackages(), buildWasm(artifacts.map((variant) => [variant, 'wasm'])), buildTypeScript()]);
  await ensureRivals();
  const { runBench } = await import('../bench/run.mjs');
  const texts = [];
  const record = await runBench(options, await findHosts(options.python), (text) => {
    texts.push(text);
    process.stdout.write(`${text}\n`);
  });
  const json = options.json ?? at('bench/records', `${record.date.slice(0, 16).replace(':', '')}.json`);
  writeRecord(json, record);
  process.stdout.write(`The record is ${json}.\n`);
  if (options.readme) showFigures(at('bench/README.md'), [`${record.date.slice(0, 10)}. ${texts[0]}`, ...texts.slice(1)].join('\n'));
  const failed = [...record.figures, ...record.memory].filter((figure) => figure.failed !== undefined);
  for (const figure of failed) say(`${figure.column}, ${figure.title}, ${figure.case}: ${figure.failed}`);
  return failed.length === 0 ? 0 : 1;
});
