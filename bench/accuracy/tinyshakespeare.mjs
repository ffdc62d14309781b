// What language models reach on tinyshakespeare: its first nine tenths to learn from, the last to test on.
//   node bench/accuracy/tinyshakespeare.mjs [--only twin,best,cells] [--architectures lstm,gru] [--threads 2] [--seed 1] [--dynamic] [--options '{"epochs":1}']
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine, LanguageModel } from '../../dist/index.js';
import { main } from '../../scripts/setup/entry.mjs';
import { Failure } from '../../scripts/setup/failure.mjs';
import { dataFolder } from '../../scripts/setup/project.mjs';
import { list } from '../run/options.mjs';

const shared = {
  embeddingSize: 128, hiddenSize: 256, layers: 2, dropout: 0.2, sequenceLength: 100, batchSize: 50, learningRate: 0.002, clipNorm: 5,
};
const architectures = [
  'lstm', 'gru', 'rnn', 'layerNormLstm', 'peepholeLstm', 'mogrifierLstm', 'sru', 'qrnn', 'minGru', 'minLstm', 'slstm', 'rgLru', 'feedForward',
];

/**
 * The twin's settings, which shared/data publishes the figure of a PyTorch model with, settings of its own, and every
 * network at half the width, each on the same characters.
 */
const cases = {
  twin: { title: "the twin's", goal: 1.62, options: { ...shared, epochs: 3 } },
  best: {
    title: 'its own', goal: 1.5,
    options: { ...shared, sequenceLength: 64, batchSize: 32, learningRate: 0.003, schedule: 'cosine', outputDropout: 0.1, epochs: 9 },
  },
  cells: { title: 'half as wide', architectures, options: { ...shared, embeddingSize: 64, hiddenSize: 128, epochs: 2 } },
};

/** Ways of reading the test text, with what they are called. */
const readings = {
  'as it is': {},
  'dynamic evaluation': { dynamic: true },
  'dynamic evaluation, RMS': { dynamic: { optimizer: 'rmsprop' } },
  'a continuous cache': { cache: true },
};

await main(async (args) => {
  const text = { type: 'string' };
  const { values } = parseArgs({
    args,
    options: { only: text, architectures: text, data: text, threads: text, seed: text, options: text, dynamic: { type: 'boolean', default: false } },
  });
  const { data = dataFolder, threads = '1', seed = '1', options = '{}', dynamic } = values;
  const path = join(data, 'tinyshakespeare/input.txt');
  if (!existsSync(path)) throw new Failure(`There is no ${path}; name the folder of data with --data or DATA_DIR.`);
  const all = readFileSync(path, 'utf8');
  const cut = Math.floor(0.9 * all.length);
  const [train, test] = [all.slice(0, cut), all.slice(cut)];
  const engine = await createEngine({ threads: Number(threads) });
  const rows = [];
  const chosen = list('only', values.only, Object.keys(cases));
  const networks = ({ architectures: own = ['lstm'] }) =>
    values.architectures === undefined ? own : list('architectures', values.architectures, architectures);
  for (const [name, architecture] of chosen.flatMap((name) => networks(cases[name]).map((network) => [name, network]))) {
    const { title, goal, options: own } = cases[name];
    const before = process.cpuUsage();
    const model = await LanguageModel.train(train, {
      ...own, architecture, ...JSON.parse(options), seed: Number(seed), dev: test, engine,
      onProgress: ({ epoch, step, steps, loss, gradientNorm, dev, tokensPerSecond }) => {
        if (step < steps) return;
        const numbers = `loss ${loss.toFixed(3)}, ${dev.natsPerToken.toFixed(4)} nats a character, largest gradient ${gradientNorm.toFixed(2)}`;
        process.stderr.write(`${name}, ${architecture}, epoch ${epoch}: ${numbers}, ${Math.round(tokensPerSecond)} characters a second\n`);
      },
    });
    const { seconds, epochs, tokensPerSecond } = model.report;
    const { user, system } = process.cpuUsage(before);
    const parameters = model.model.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    for (const [reading, how] of Object.entries(readings).slice(0, dynamic ? undefined : 1)) {
      const { natsPerToken, perplexity, bitsPerCharacter } = await model.evaluate(test, how);
      const met = goal !== undefined && reading === 'as it is' ? [`≤ ${goal}`, natsPerToken <= goal ? 'yes' : 'no'] : ['', ''];
      const numbers = [natsPerToken.toFixed(4), perplexity.toFixed(3), bitsPerCharacter.toFixed(3)];
      const pace = [seconds.toFixed(0), ((user + system) / 1e6).toFixed(0), Math.round(tokensPerSecond).toLocaleString('en')];
      rows.push([architecture, title, parameters.toLocaleString('en'), epochs.length, reading, ...numbers, ...met, ...pace]);
    }
    const { text: written } = await model.generate('ROMEO:', { temperature: 0.8, seed: 1, maxTokens: 400 });
    process.stderr.write(`\nROMEO:${written}\n\n`);
    model.dispose();
  }
  engine.dispose();
  const head = [
    'network', 'settings', 'parameters', 'epochs', 'test text read', 'nats a character', 'perplexity', 'bits', 'goal', 'met',
    'seconds', 'of processors', 'characters/s in training',
  ];
  for (const row of [head, head.map(() => '---'), ...rows]) process.stdout.write(`| ${row.join(' | ')} |\n`);
  return 0;
});
