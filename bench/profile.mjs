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
import { profileTable } from './profile/table.mjs';
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
  const { only, variant, seconds, data } = options;
  await Promise.all([ensurePackages(), buildWasm([[variant, 'wasm']]), buildTypeScript()]);
  const module = await namedModule(variant);
  const host = await ensureHost[variant]();
  const chosen = casesOf(only, data);
  for (const name of only) if (!chosen.some((one) => one.name === name)) say(`${name}: skipped, for it is not in ${data} (--data or DATA_DIR)`);
  const { cpu, cores, load } = await machine();
  const profiles = [];
  for (const one of chosen) {
    say(`· ${one.name} …`);
    profiles.push({ name: one.name, unit: one.table.unit, ...(await measure(one, { variant, module, host, seconds })) });
  }
  const node = (await attempt(host, ['--version'])).stdout.trim();
  const date = new Date().toISOString().slice(0, 10);
  const lines = [
    `${date}. ${cpu}, ${cores} cores, of which others kept ${figure(load)} at work; Node ${node}, ${variant}, one thread.`, '', profileTable(profiles),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (options.readme) showFigures(at('bench/README.md'), lines.join('\n'), 'profile');
  return 0;
});
