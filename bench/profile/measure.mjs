// One case in a process of its own: how fast it runs, then where its time goes.
import { inFreshProcess } from '../run/engineProcess.mjs';
import { warmUp } from '../run/warm.mjs';
import { sharesOf } from './groups.mjs';
import { productOperations } from './operations.mjs';

/**
 * `rate` in units of the table; `shares` of the time by group, from 0 to 1; `products`, operations a second of the
 * matrix products in the processor's time that is spent in their kernels. What is timed is timed without the profiler.
 *
 * @param one of `casesOf`
 * @param setting the variant, its `module` with names, the `host` (a Node that runs it), and the seconds of each measurement
 */
export async function measure({ table, sizes, model = sizes }, { variant, module, host, seconds }) {
  const column = { host: variant, engine: 'ostinato', settings: { variant, url: module } };
  return inFreshProcess(column, { [variant]: host }, async (engine) => {
    await engine.ask('prepare', { name: table.task, sizes, check: false });
    const runs = Math.max(1, Math.round(seconds / (await warmUp(engine))));
    const { seconds: once, processor, amount } = await engine.ask('time', { runs });
    const [shares] = (await engine.ask('profile', { runs })).threads.map((hits) => sharesOf(hits));
    return {
      rate: (amount ?? table.amount(sizes)) / once,
      shares,
      products: productOperations(table.task, model, amount) / (processor * (shares.tile + shares.row)),
    };
  });
}
