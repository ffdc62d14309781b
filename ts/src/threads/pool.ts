/** The threads of one engine. */

import { OstinatoError } from '../errors.js';
import type { Begin } from './messages.js';
import { startThread, type StartThread, type Thread } from './thread.js';

/** Threads that run. */
export interface Pool {
  /** Ends them; the memory that they share is of no use afterwards. */
  end(): void;
}

/** How a pool is started. */
export interface PoolOptions {
  /** How many threads. */
  readonly count: number;
  /** What each of them is given. */
  readonly begin: Begin;
  /** Called once all are ready: hands them their work. */
  readonly build: () => void;
  /** Called when a thread ends although nobody asked it to, with the pool at work. */
  readonly lost: () => void;
  /** Milliseconds in which every thread must be ready. Default 30 seconds: a page may have to fetch their script. */
  readonly patience?: number;
  /** What starts a thread; this host's workers unless told otherwise. */
  readonly start?: StartThread;
}

const PATIENCE = 30_000;

/**
 * Starts a pool.
 *
 * @throws OstinatoError (`pool_failed`) with the reason when a thread cannot be started, fails, or does
 *   not answer in time; then none is left running
 */
export async function startPool(options: PoolOptions): Promise<Pool> {
  const { count, begin, build, lost, patience = PATIENCE, start = startThread } = options;
  const threads: Thread[] = [];
  const end = (): void => threads.splice(0).forEach((thread) => thread.end());
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      let ready = 0;
      const fail = (number: number, reason: string, cause?: unknown): void =>
        reject(new OstinatoError(`thread ${number} of ${count} could not be started: ${reason}`, { code: 'pool_failed', cause }));
      // V8 may miss that memory grew while a thread was given it, and each thread makes it grow: one at a time.
      const beginNext = (): void => {
        try {
          threads[ready]?.begin(begin);
        } catch (cause) {
          fail(ready + 1, String(cause), cause);
        }
      };
      for (let number = 1; number <= count; number++) {
        try {
          const thread = start({
            answered(answer) {
              if (!answer.ready) return fail(number, answer.reason);
              ready++;
              if (ready === count) resolve();
              else beginNext();
            },
            failed(reason) {
              fail(number, reason);
              if (threads.length > 0 && ready === count) lost();
            },
          });
          threads.push(thread);
        } catch (cause) {
          return fail(number, String(cause), cause);
        }
      }
      beginNext();
      timer = setTimeout(() => fail(ready + 1, `it did not answer within ${patience / 1000} s`), patience);
    });
    build();
  } catch (error) {
    end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  for (const thread of threads) thread.unref();
  return { end };
}
