// From a fresh clone to a tagger that answers: npm start
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { main } from './setup/entry.mjs';
import { hostVariant } from './setup/host.mjs';
import { at, root } from './setup/project.mjs';
import { say } from './setup/step.mjs';
import { buildTypeScript } from './build-ts.mjs';
import { buildWasm } from './build-wasm.mjs';

const model = 'models/calendar.safetensors';
const samples = [
  'lunch with Ana tomorrow at noon at Blue Cafe',
  'remind me to call Dr. Okafor on Friday morning',
  '明天下午三点和王芳在会议室开会',
];

/** Runs the command line with this terminal; resolves with its exit code. `input` stands in for what a person types. */
function ostinato(args, input) {
  return new Promise((resolve, reject) => {
    const stdio = [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'];
    const child = spawn(process.execPath, [at('dist/cli/main.js'), ...args], { cwd: root, stdio });
    // Ctrl-C is for the command, which may have something to save; this process ends after it.
    const leave = () => {};
    process.on('SIGINT', leave);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', leave);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
    child.stdin?.end(input);
  });
}

await main(async () => {
  await Promise.all([buildWasm([[hostVariant(), 'wasm']]), buildTypeScript()]);
  // Ctrl-C goes to the command as well, which keeps the best model so far and says so; it decides how this ends.
  process.on('SIGINT', () => {});
  mkdirSync(at('models'), { recursive: true });
  const data = ['--train', 'examples/calendar/train.jsonl', '--test', 'examples/calendar/test.jsonl'];
  const trained = await ostinato(['train', 'tagger', ...data, '--model', model]);
  if (trained !== 0) return trained;
  if (process.stdin.isTTY && process.stdout.isTTY) return ostinato(['tag', model]);
  say('There is no terminal to type in, so these are three sentences to tag:');
  for (const sentence of samples) say(`  ${sentence}`);
  return ostinato(['tag', model], samples.map((sentence) => `${sentence}\n`).join(''));
});
