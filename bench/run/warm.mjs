// Runs before anything counts.

/** Seconds that these take, unless one run takes longer: V8 optimises a function on its calls, and some are called once a run. */
export const WARM = 1.5;

/**
 * Runs a task that was prepared for so many seconds, and at the least once.
 *
 * @returns the seconds that a run took in the end
 */
export async function warmUp(engine, wanted = WARM) {
  let [runs, left, once] = [1, wanted];
  do {
    once = (await engine.ask('time', { runs })).seconds;
    left -= runs * once;
    runs = Math.max(1, Math.round(left / once));
  } while (left > 0);
  return once;
}
