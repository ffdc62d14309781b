// V8's sampling profiler around a piece of work.
import { Session } from 'node:inspector/promises';
import { groupOf, WAITING } from './groups.mjs';

/** Microseconds between samples, if V8 keeps up. Where others are to do without the time that taking them needs, fewer are taken. */
const INTERVAL = { alone: 200, together: 400 };

/** Microseconds within which two threads' samples are of the same time. */
const SAME = 100;

/** Microseconds on the clock of profiles. */
const now = () => Number(process.hrtime.bigint() / 1000n);

/** What asks V8 of this thread, and of each of its workers, which answers whatever the worker is doing. */
async function inspectors(session) {
  const [workers, replies] = [[], []];
  session.on('NodeWorker.attachedToWorker', ({ params }) => workers.push(params.sessionId));
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const { id, result } = JSON.parse(params.message);
    replies[id](result);
  });
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  const ask = (sessionId) => (method, params) =>
    new Promise((resolve, reject) => {
      const id = replies.push(resolve) - 1;
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params }) }).catch(reject);
    });
  return [(method, params) => session.post(method, params), ...workers.map(ask)];
}

/**
 * Where the time of `work` goes, on this thread and then on each worker that it has (`threads`): how many samples hit each
 * function of the core, and how many anything else. Samples are counted, not weighed by the time between them: the time in
 * which another program had the processor is nobody's. `serial` see `serialHits`.
 *
 * @param {() => Promise<unknown>} work
 */
export async function sampled(work) {
  const session = new Session();
  session.connect();
  const threads = await inspectors(session);
  const interval = threads.length > 1 ? INTERVAL.together : INTERVAL.alone;
  const each = (method, params) => Promise.all(threads.map((ask) => ask(method, params)));
  await each('Profiler.enable');
  await each('Profiler.setSamplingInterval', { interval });
  await each('Profiler.start');
  const begin = now();
  await work();
  const end = now();
  const stopped = await each('Profiler.stop');
  session.disconnect();
  const timelines = stopped.map(({ profile }) => timelineOf(profile, begin, end));
  return { threads: timelines.map(hitsOf), serial: serialHits(timelines) };
}

/**
 * The samples of a profile from `begin` to `end`, without starting and stopping: when each was taken, and the `name` of the
 * function if it is one of the core. V8's way into the core is the host's.
 */
export function timelineOf({ nodes, samples, timeDeltas, startTime }, begin, end) {
  const nameOf = ({ url, functionName }) => (url.startsWith('wasm:') && !functionName.startsWith('js-to-wasm:') ? functionName : undefined);
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  let at = startTime;
  return samples.map((id, i) => ({ at: (at += timeDeltas[i]), name: names.get(id) })).filter(({ at: time }) => time >= begin && time <= end);
}

/** How many samples hit each function of the core, and how many anything else. */
export function hitsOf(timeline) {
  const hits = { core: {}, host: 0 };
  for (const { name } of timeline) {
    if (name === undefined) hits.host += 1;
    else hits.core[name] = (hits.core[name] ?? 0) + 1;
  }
  return hits;
}

/**
 * The `hits` of the first thread at times at which another one waits, and in how many samples (`of`): those of whose time
 * each other thread has a sample, too.
 */
export function serialHits([calling, ...helpers]) {
  const places = helpers.map(() => 0);
  const paired = calling.flatMap(({ at, name }) => {
    const others = helpers.map((samples, i) => {
      while (places[i] + 1 < samples.length && samples[places[i]].at < at - SAME) places[i] += 1;
      return samples[places[i]];
    });
    if (!others.every((other) => other !== undefined && Math.abs(other.at - at) <= SAME)) return [];
    return [{ name, serial: others.some((other) => other.name !== undefined && groupOf(other.name) === WAITING.id) }];
  });
  return { hits: hitsOf(paired.filter(({ serial }) => serial)), of: paired.length };
}
