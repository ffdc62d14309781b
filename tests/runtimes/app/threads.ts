// A page that trains with threads, in a worker, and sends what came out to the server that it came from.
import { createEngine } from 'ostinato';

/** What the page's own thread is told when it asks for threads. */
const here = createEngine({ threads: 2 }).then(
  (engine) => ({ threads: engine.threads, notice: engine.notice }),
  (error: Error) => ({ error: error.message }),
);

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const there = new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => resolve({ error: event.message });
});

const { crossOriginIsolated } = globalThis;
const body = JSON.stringify({ crossOriginIsolated, page: await here, worker: await there });
await fetch('/result', { method: 'POST', body });
