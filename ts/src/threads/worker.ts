/**
 * Where a thread of a pool begins: a module of its own, in a worker of either kind. Nothing of a
 * runtime is imported, so that the same file serves pages, Node, Deno and Bun.
 */

import { initSync, pool_failed, wbg_rayon_start_worker } from '../wasm/threads/ostinato.js';
import { workerThreads } from './host.js';
import type { Answer, Begin } from './messages.js';

const parent = workerThreads()?.parentPort;

function answer(message: Answer): void {
  if (parent) parent.postMessage(message);
  else globalThis.postMessage(message);
}

function begin({ module, memory, receiver }: Begin): void {
  try {
    initSync({ module, memory });
  } catch (error) {
    answer({ ready: false, reason: String(error) });
    return;
  }
  answer({ ready: true });
  try {
    // Works until the engine is disposed of.
    wbg_rayon_start_worker(receiver);
  } catch {
    // What trapped has left its reason in memory; whoever waits for it must not wait for ever.
    pool_failed();
  }
}

if (parent) parent.once('message', begin);
else globalThis.addEventListener('message', ({ data }) => begin(data as Begin), { once: true });
