// Interleaved rounds: every engine in turn, so that a machine that slows down slows all of them.

const ROUND_MILLISECONDS = 250;

async function seconds(task, runs) {
  const start = performance.now();
  for (let i = 0; i < runs; i += 1) await task.run();
  return (performance.now() - start) / 1000 / runs;
}

/** How many runs fill a round, after a warm-up that lets every tier of the compiler finish. */
async function calibrate(task) {
  for (let i = 0; i < 3; i += 1) await task.run();
  const once = await seconds(task, 1);
  return Math.max(1, Math.min(1000, Math.round(ROUND_MILLISECONDS / 1000 / once)));
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Seconds a run, by task.
 * @returns for each task `{ median, least, most }`
 */
export async function measure(tasks, rounds) {
  const runs = [];
  for (const task of tasks) runs.push(await calibrate(task));
  const times = tasks.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, task] of tasks.entries()) times[i].push(await seconds(task, runs[i]));
  }
  return times.map((list) => ({ median: median(list), least: Math.min(...list), most: Math.max(...list) }));
}
