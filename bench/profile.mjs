// Where the time of a case goes: node bench/profile.mjs --help
import { attempt } from '../scripts/setup/command.mjs';
import { main } from '../scripts/setup/entry.mjs';
import { ensureBaselineNode, ensureRelaxedNode } from '../scripts/setup/host.mjs';
import { ensurePackages } from '../scripts/setup/npm-packages.mjs';
import { at } from '../scripts/setup/project.mjs';
import { say } from '../scripts/setup/step.mjs';
import { buildTypeScript } from '../scripts/build-ts.mjs';
import { buildWasm } from '../scripts/build-wasm.mjs';
import { namedModule } from './profile/build.mjs';
import { casesOf } from './profile/cases.mjs';
import { measure } from './profile/measure.mjs';
import { HELP, readOptions } from './profile/options.mjs';
import { profileTable, threadsTable } from './profile/table.mjs';
import { measureThreads } from './profile/threads.mjs';
import { machine, showFigures } from './run/record.mjs';
import { figure } from './run/table.mjs';

/** A Node that runs a variant. */
const ensureHost = { relaxed: ensureRelaxedNode, baseline: ensureBaselineNode };

await main(async (args) => {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { only, variant, threads, seconds, data } = options;
  const variants = threads > 1 ? [variant, 'threads'] : [variant];
  await Promise.all([ensurePackages(), buildWasm(variants.map((one) => [one, 'wasm'])), buildTypeScript()]);
  const modules = {};
  for (const one of variants) modules[one] = await namedModule(one);
  const host = await ensureHost[variant]();
  const chosen = casesOf(only, data);
  for (const name of only) if (!chosen.some((one) => one.name === name)) say(`${name}: skipped, for it is not in ${data} (--data or DATA_DIR)`);
  const { cpu, cores, load } = await machine();
  const profiles = [];
  for (const one of chosen) {
    say(`· ${one.name} …`);
    const measured = threads > 1
      ? await measureThreads(one, { threads, modules, host, seconds })
      : await measure(one, { variant, module: modules[variant], host, seconds });
    profiles.push({ name: one.name, unit: one.table.unit, ...measured });
  }
  const node = (await attempt(host, ['--version'])).stdout.trim();
  const date = new Date().toISOString().slice(0, 10);
  const lines = [
    `${date}. ${cpu}, ${cores} cores, of which others kept ${figure(load)} at work; Node ${node}, ${variant}, ${threads > 1 ? `one thread and ${threads}` : 'one thread'}.`,
    '', threads > 1 ? threadsTable(profiles) : profileTable(profiles),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (options.readme) showFigures(at('bench/README.md'), lines.join('\n'), threads > 1 ? 'threads' : 'profile');
  return 0;
});
