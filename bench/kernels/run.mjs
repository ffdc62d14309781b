// Why production's kernels look as they do: node bench/kernels/run.mjs [ROUNDS]
import { run } from '../../scripts/setup/command.mjs';
import { main } from '../../scripts/setup/entry.mjs';
import { Failure } from '../../scripts/setup/failure.mjs';
import { ensureBaselineNode, ensureRelaxedNode } from '../../scripts/setup/host.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { spread } from '../run/statistics.mjs';
import { grid, range } from '../run/table.mjs';
import { kernelModule } from './build.mjs';

/** In the order of the module's tables, each with the variants that take it on the Node that they are timed in. */
const kernels = [
  ['2×24 tile, splatting loads, fences', 'relaxed'],
  ['2×24 tile, splatting loads, no fences'],
  ['4×8 tile, A by one load and shuffles'],
  ['4×8 tile, A by splatting loads', 'relaxed', 'baseline'],
  ['4×8 tile, shuffles, K unrolled by four'],
  ['5×8 tile, splatting loads'],
  ['6×8 tile, splatting loads'],
  ['8×8 tile, shuffles'],
  ['4×16 tile, shuffles'],
  ['one row × 512, four panels at a time, with a fence'],
  ['one row × 512, four panels at a time', 'relaxed', 'baseline'],
  ['one row × 512, two panels'],
  ['one row × 512, one panel'],
  ['one row × 512, unpacked, by dot products'],
];

const both = ['relaxed', 'baseline'];

/** What a time is told of, and how. */
const choices = [
  ['LSTM cells, a unit: all gates in registers', ...both],
  ['LSTM cells, a unit: function by function'],
  ['CRF log partition of 9 tags, a token: probabilities, vectors of tags', ...both],
  ['CRF log partition of 9 tags, a token: probabilities, tag by tag'],
  ['CRF log partition of 9 tags, a token: logarithms, vectors of tags'],
  ['Viterbi of 9 tags, a token: vectors of tags, no back pointers', ...both],
  ['Viterbi of 9 tags, a token: tag by tag, back pointers'],
  ['additive scores of size 128, a pair: tanh in registers', ...both],
  ['additive scores of size 128, a pair: tanh stored'],
  ['one row back through 512 × 128, a step of 24: dot products, no transpose', ...both],
  ["one row back through 512 × 128, a step of 24: W's transpose packed once"],
  ['four rows back through 512 × 128, a step of 24: dot products, no transpose', ...both],
  ["four rows back through 512 × 128, a step of 24: W's transpose packed once"],
  ['Adam, a number of 262,144: one pass', ...both],
  ['Adam, a number of 262,144: three passes'],
  ['Adam, a number of 8,192: one pass', ...both],
  ['Adam, a number of 8,192: its root and division alone'],
  ['Adam, a number of 8,192: all but root and division'],
  ['Adam, a number of 8,192: one division for two vectors'],
  ['Adam, a number of 8,192: Newton steps for the division'],
];

await main(async ([rounds = '5']) => {
  if (!(Number(rounds) >= 1)) throw new Failure(`rounds: expected a number above 0, given ${rounds}.`);
  const cells = [
    { variant: 'relaxed', node: await ensureRelaxedNode() },
    { variant: 'baseline', node: await ensureBaselineNode() },
  ];
  const columns = [];
  for (const { variant, node } of cells) {
    const file = await kernelModule(variant);
    const { stdout } = await run(`The kernels failed on ${variant}.`, node, [at('bench/kernels/time.mjs'), file, rounds]);
    columns.push({ variant, rates: JSON.parse(stdout) });
  }
  const table = (title, names, first, told) => {
    const rows = names.map(([name, ...production], i) => [
      name,
      ...columns.map(({ variant, rates }) => {
        const text = range(spread(rates[first + i].map(told)));
        return production.includes(variant) ? `**${text}**` : text;
      }),
    ]);
    process.stdout.write(`${grid([[title, ...cells.map(({ variant }) => variant)], ...rows]).join('\n')}\n\n`);
  };
  table('Kernel, GFLOP/s, K = 256', kernels, 0, (rate) => rate);
  table('Choice, ns', choices, kernels.length, (rate) => 1 / rate);
});
