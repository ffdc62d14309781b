// Why production's kernels look as they do: node bench/kernels/run.mjs [ROUNDS]
import { run } from '../../scripts/setup/command.mjs';
import { main } from '../../scripts/setup/entry.mjs';
import { Failure } from '../../scripts/setup/failure.mjs';
import { ensureBaselineNode, ensureRelaxedNode } from '../../scripts/setup/host.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { spread } from '../run/statistics.mjs';
import { grid, range } from '../run/table.mjs';
import { kernelModule } from './build.mjs';

/** In the order of the module's table, each with the variants that take it on the Node that they are timed in. */
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
  const rows = kernels.map(([name, ...production], i) => [
    name,
    ...columns.map(({ variant, rates }) => {
      const rate = range(spread(rates[i]));
      return production.includes(variant) ? `**${rate}**` : rate;
    }),
  ]);
  process.stdout.write(`${grid([['Kernel, GFLOP/s, K = 256', ...cells.map(({ variant }) => variant)], ...rows]).join('\n')}\n`);
});
