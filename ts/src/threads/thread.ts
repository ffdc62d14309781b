/** One worker as a pool sees it, whichever kind this host has. */

import { workerThreads } from './host.js';
import type { Answer, Begin } from './messages.js';

/** What a pool wants to be told of a worker. */
export interface Listener {
  /** It answered. */
  answered(answer: Answer): void;
  /** It will never answer (again), for this reason. */
  failed(reason: string): void;
}

/** A worker. */
export interface Thread {
  begin(message: Begin): void;
  /** From now on it does not keep the process alive. */
  unref(): void;
  /** Ends it, whatever it is doing. */
  end(): void;
}

/** Starts a worker. */
export type StartThread = (listener: Listener) => Thread;

const NO_MESSAGE = 'what was posted to it could not be read';
const NO_SCRIPT =
  'its script could not be loaded; scripts of workers, too, must be there and be served with ' +
  '"Cross-Origin-Embedder-Policy: require-corp"';

/** Starts a worker of this host. */
export const startThread: StartThread = (listener) => {
  const node = workerThreads();
  if (node === undefined) return startWebWorker(listener);
  // Written so that bundlers, which look for a literal beside the other kind, leave this one alone.
  const here = import.meta.url;
  return startNodeWorker(node, new URL('./worker.js', here), listener);
};

function startWebWorker(listener: Listener): Thread {
  // Bundlers follow this only when it is written out in place.
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'ostinato' });
  worker.addEventListener('message', ({ data }) => listener.answered(data as Answer));
  worker.addEventListener('messageerror', () => listener.failed(NO_MESSAGE));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    listener.failed(event.message || NO_SCRIPT);
  });
  return {
    begin: (message) => worker.postMessage(message),
    unref: () => undefined,
    end: () => worker.terminate(),
  };
}

/** Starts a worker of the kind that Node, Deno and Bun have. */
export function startNodeWorker(node: typeof import('node:worker_threads'), script: URL, listener: Listener): Thread {
  const worker = new node.Worker(script);
  worker.on('message', (answer: Answer) => listener.answered(answer));
  worker.on('messageerror', () => listener.failed(NO_MESSAGE));
  worker.on('error', (error) => listener.failed(String(error)));
  worker.on('exit', (code) => listener.failed(`it ended with code ${code}`));
  return {
    begin: (message) => worker.postMessage(message),
    unref: () => worker.unref(),
    end: () => void worker.terminate(),
  };
}
