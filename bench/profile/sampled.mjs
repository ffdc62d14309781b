// V8's sampling profiler around a piece of work.
import { Session } from 'node:inspector/promises';

/** Microseconds between samples, if V8 keeps up. */
const INTERVAL = 200;

/** Microseconds on the clock of profiles. */
const now = () => Number(process.hrtime.bigint() / 1000n);

/**
 * Where the time of `work` goes: how many samples hit each function of the core, and how many anything else. Samples are
 * counted, not weighed by the time between them: the time in which another program had the processor is nobody's.
 *
 * @param {() => Promise<unknown>} work
 */
export async function sampled(work) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.post('Profiler.start');
  const begin = now();
  await work();
  const end = now();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return hitsOf(profile, begin, end);
}

/** The hits of a profile from `begin` to `end`, without starting and stopping. V8's way into the core is the host's. */
export function hitsOf({ nodes, samples, timeDeltas, startTime }, begin, end) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const hits = { core: {}, host: 0 };
  let at = startTime;
  samples.forEach((id, i) => {
    at += timeDeltas[i];
    if (at < begin || at > end) return;
    const { url, functionName } = frames.get(id);
    if (url.startsWith('wasm:') && !functionName.startsWith('js-to-wasm:')) hits.core[functionName] = (hits.core[functionName] ?? 0) + 1;
    else hits.host += 1;
  });
  return hits;
}
