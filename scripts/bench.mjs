// Speed beside other engines: npm run bench -- [--rounds 5] [--only lstm|tagger] [--json FILE] [--variant baseline]
// The relaxed artifact under a Node that runs it; with `--variant baseline`, that one under this Node.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run, which } from './setup/command.mjs';
import { main } from './setup/entry.mjs';
import { Failure } from './setup/failure.mjs';
import { ensureRelaxedNode } from './setup/host.mjs';
import { at } from './setup/project.mjs';
import { step } from './setup/step.mjs';
import { buildTypeScript } from './build-ts.mjs';
import { buildWasm } from './build-wasm.mjs';

/** The rivals are large, so that they stay out of the project's own packages. */
async function ensureRivals() {
  if (existsSync(join(at('bench'), 'node_modules/onnxruntime-web'))) return;
  const npm = which('npm');
  if (!npm) throw new Failure('npm is needed to install the engines to compare with, and it is not on PATH.');
  await step('Installing the engines to compare with', () =>
    run('npm could not install the packages of bench/package-lock.json.', npm, ['ci', '--ignore-scripts', '--prefix', at('bench')]),
  );
}

await main(async (args) => {
  const variant = args.includes('baseline') || args.includes('--variant=baseline') ? 'baseline' : 'relaxed';
  const rest = args.filter((argument, i) => !argument.startsWith('--variant') && args[i - 1] !== '--variant');
  await Promise.all([buildWasm([[variant, 'wasm']]), buildTypeScript()]);
  await ensureRivals();
  const node = variant === 'relaxed' ? await ensureRelaxedNode() : process.execPath;
  const { code } = await attempt(node, [at('bench/run.mjs'), ...rest], {
    live: true, env: { ...process.env, OSTINATO_VARIANT: variant },
  });
  return code;
});
