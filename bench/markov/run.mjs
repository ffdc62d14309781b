// Markov models beside the same models in plain Python: node bench/markov/run.mjs --help
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MarkovModel } from '../../dist/index.js';
import { main } from '../../scripts/setup/entry.mjs';
import { Failure } from '../../scripts/setup/failure.mjs';
import { dataFolder } from '../../scripts/setup/project.mjs';

const HELP = `Markov models of characters on tinyshakespeare, beside plain Python: node bench/markov/run.mjs [options]

  --order N      longest n-grams (default 6)
  --data DIR     the folder of data sets (default DATA_DIR, else shared/data beside the checkout)
  --python FILE  a Python 3 (default python3)
  --help         this text
`;

/** Farther apart than this, one of the two is wrong. */
const TOLERANCE = 0.01;
const TRAIN_SHARE = 0.9;

function readOptions(args) {
  const text = { type: 'string' };
  try {
    const { values } = parseArgs({ args, options: { order: text, data: text, python: text, help: { type: 'boolean' } } });
    return { order: '6', data: dataFolder, python: 'python3', ...values };
  } catch (error) {
    throw new Failure(`${error.message} See node bench/markov/run.mjs --help.`);
  }
}

/** Perplexities by smoothing, as Python finds them. */
function inPython(python, train, test, order) {
  const folder = mkdtempSync(join(tmpdir(), 'ostinato-markov-'));
  try {
    const paths = Object.entries({ train, test }).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
    const script = fileURLToPath(new URL('ngrams.py', import.meta.url));
    const { status, stdout, stderr, error } = spawnSync(python, [script, ...paths, String(order)], { encoding: 'utf8' });
    if (status !== 0) throw new Failure(`${python} failed: ${error?.message ?? stderr}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs something and tells the processor's time that it took, in seconds. */
async function timed(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

await main(async (args) => {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const path = join(options.data, 'tinyshakespeare', 'input.txt');
  if (!existsSync(path)) throw new Failure(`There is no ${path}: name the folder of data sets with --data.`);
  const text = readFileSync(path, 'utf8');
  const cut = Math.floor(text.length * TRAIN_SHARE);
  const [train, test] = [text.slice(0, cut), text.slice(cut)];
  const order = Number(options.order);
  const expected = inPython(options.python, train, test, order);
  console.log(`order ${order}, ${train.length} characters to train on, ${test.length} to test with\n`);
  console.log('| smoothing | perplexity | plain Python | bits per character | training, s | characters scored a second |');
  console.log('|---|---|---|---|---|---|');
  for (const [smoothing, perplexity] of Object.entries(expected)) {
    const { result: model, seconds } = await timed(() => MarkovModel.train(train, { order, smoothing }));
    const scored = await timed(() => model.evaluate(test));
    const found = scored.result;
    const rate = Math.round(found.tokens / scored.seconds / 1000) * 1000;
    console.log(
      `| ${smoothing} | ${found.perplexity.toFixed(6)} | ${perplexity.toFixed(6)} | ${found.bitsPerCharacter.toFixed(4)} | ${seconds.toFixed(2)} | ${rate.toLocaleString('en')} |`,
    );
    if (!(Math.abs(found.perplexity / perplexity - 1) < TOLERANCE)) throw new Failure(`${smoothing}: more than ${100 * TOLERANCE} % apart`);
  }
});
