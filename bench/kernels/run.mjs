// Why production's kernels look as they do: node bench/kernels/run.mjs [ROUNDS]
import { mkdirSync, writeFileSync } from 'node:fs';
import { run } from '../../scripts/setup/command.mjs';
import { main } from '../../scripts/setup/entry.mjs';
import { Failure } from '../../scripts/setup/failure.mjs';
import { ensureBaselineNode, ensureRelaxedNode } from '../../scripts/setup/host.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { spread } from '../run/statistics.mjs';
import { grid, range } from '../run/table.mjs';
import { kernelModule } from './build.mjs';

/** In the order of the module's table. */
const names = [
  '**2×24 tile, splatting loads, fences**',
  '2×24 tile, splatting loads, no fences',
  '**4×8 tile, A by one load and shuffles**',
  '4×8 tile, A by splatting loads',
  '4×8 tile, shuffles, K unrolled by four',
  '5×8 tile, splatting loads',
  '6×8 tile, splatting loads',
  '8×8 tile, shuffles',
  '4×16 tile, shuffles',
  '**one row × 512, four panels at a time, with the fence**',
  'one row × 512, four panels, no fence',
  'one row × 512, two panels',
  'one row × 512, one panel',
  'one row × 512, unpacked, by dot products',
];

await main(async ([rounds = '5']) => {
  if (!(Number(rounds) >= 1)) throw new Failure(`rounds: expected a number above 0, given ${rounds}.`);
  const cells = [
    { variant: 'relaxed', node: await ensureRelaxedNode() },
    { variant: 'baseline', node: await ensureBaselineNode() },
  ];
  const columns = [];
  for (const { variant, node } of cells) {
    const file = at('target', variant, 'bench-kernels.wasm');
    mkdirSync(at('target', variant), { recursive: true });
    writeFileSync(file, await kernelModule(variant));
    const { stdout } = await run(`The kernels failed on ${variant}.`, node, [at('bench/kernels/time.mjs'), file, rounds]);
    columns.push(JSON.parse(stdout));
  }
  const rows = names.map((name, i) => [name, ...columns.map((rates) => range(spread(rates[i])))]);
  process.stdout.write(`${grid([['Kernel, GFLOP/s, K = 256', ...cells.map(({ variant }) => variant)], ...rows]).join('\n')}\n`);
});
