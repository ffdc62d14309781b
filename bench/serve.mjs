// An engine in a process of its own, told what to do by lines of JSON: node bench/serve.mjs ENGINE SETTINGS
// Requests go to stdin and each has one reply on stdout; pytorch/serve.py speaks the same.
import { createInterface } from 'node:readline';

const [engine, settings] = process.argv.slice(2);
const reply = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
// Libraries may say what they like, but not among the replies.
for (const level of ['log', 'info', 'debug']) console[level] = console.error;

const loading = performance.now();
const tasks = await (await import(`./engines/${engine}.mjs`)).start(JSON.parse(settings));
const loaded = performance.now() - loading;

let task;

async function timed(runs) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  let own;
  for (let i = 0; i < runs; i += 1) own = await task.run();
  const { user, system } = process.cpuUsage(used);
  return { processor: (user + system) / 1e6 / runs, ...(own ?? { seconds: (performance.now() - start) / 1000 / runs }) };
}

const operations = {
  /** Makes a task, and what it computes for the check unless that is not wanted. */
  async prepare({ name, sizes, check = true }) {
    task = await tasks[name](sizes);
    if (!check) return undefined;
    return { result: Array.from(await task.check()) };
  },
  time: ({ runs }) => timed(runs),
  async each({ runs }) {
    const seconds = [];
    for (let i = 0; i < runs; i += 1) seconds.push((await timed(1)).seconds);
    return { seconds };
  },
  /** Where the time of runs goes, by function. */
  profile: async ({ runs }) => (await import('./profile/sampled.mjs')).sampled(() => timed(runs)),
  /** Bytes of this process at its peak, and what the engine says of its own. */
  memory: () => ({ process: process.resourceUsage().maxRSS * 1024, ...task.memory?.() }),
  async release() {
    await task?.dispose();
    task = undefined;
  },
  /** Something that is no task. */
  call: async ({ name, sizes }) => ({ loaded, ...(await tasks[name](sizes)) }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { operation, ...request } = JSON.parse(line);
  try {
    reply((await operations[operation](request)) ?? {});
  } catch (error) {
    reply({ error: error.message ?? String(error), unsupported: error.name === 'UnsupportedError' });
  }
}
process.exit(0);
