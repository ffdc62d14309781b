import * as workerThreads from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { startPool, type PoolOptions } from '../../ts/src/threads/pool.js';
import { startNodeWorker, type StartThread } from '../../ts/src/threads/thread.js';

/** What a worker of the pool does instead of computing. */
const scripts = {
  answers: 'parentPort.on("message", () => parentPort.postMessage({ ready: true }));',
  refuses: 'parentPort.once("message", () => parentPort.postMessage({ ready: false, reason: "no room for a stack" }));',
  throws: 'throw new TypeError("not a worker");',
  throwsLater: 'parentPort.once("message", () => { throw new RangeError("too deep"); });',
  exits: 'process.exit(7);',
  isSilent: 'parentPort.on("message", () => {});',
  answersAndExits: 'parentPort.once("message", () => { parentPort.postMessage({ ready: true }); setTimeout(() => process.exit(3), 50); });',
  isNoScript: 'this is not JavaScript',
};
type Behaviour = keyof typeof scripts;

/** Starts workers that behave so, one after the other. */
function behaving(...behaviours: Behaviour[]): { start: StartThread; alive: () => number } {
  const alive = new Set<workerThreads.Worker>();
  const node = {
    ...workerThreads,
    Worker: class extends workerThreads.Worker {
      constructor(script: URL) {
        super(script);
        alive.add(this);
        this.on('exit', () => alive.delete(this));
      }
    },
  };
  let next = 0;
  const start: StartThread = (listener) => {
    const script = `import { parentPort } from 'node:worker_threads';\n${scripts[behaviours[next++] ?? 'answers']}`;
    return startNodeWorker(node, new URL(`data:text/javascript,${encodeURIComponent(script)}`), listener);
  };
  return { start, alive: () => alive.size };
}

function options(given: Partial<PoolOptions> & Pick<PoolOptions, 'start'>): PoolOptions {
  const begin = { module: undefined, memory: undefined, receiver: 0 } as unknown as PoolOptions['begin'];
  return { count: 2, begin, build: () => undefined, lost: () => undefined, ...given };
}

describe('a pool', () => {
  it('is built when all of its threads are ready, and ends them', async () => {
    const { start, alive } = behaving('answers', 'answers', 'answers');
    const build = vi.fn(() => expect(alive()).toBe(3));
    const lost = vi.fn();
    const pool = await startPool(options({ count: 3, start, build, lost }));
    expect(build).toHaveBeenCalledOnce();
    pool.end();
    await vi.waitFor(() => expect(alive()).toBe(0));
    pool.end();
    expect(lost).not.toHaveBeenCalled();
  });

  it('gives its memory to one thread at a time', async () => {
    const seen: string[] = [];
    let next = 0;
    const start: StartThread = (listener) => {
      const number = ++next;
      const ready = (): void => {
        seen.push(`ready ${number}`);
        listener.answered({ ready: true });
      };
      const begin = (): void => {
        seen.push(`begin ${number}`);
        setTimeout(ready, 10);
      };
      return { begin, unref: () => undefined, end: () => undefined };
    };
    await startPool(options({ count: 3, start, build: () => seen.push('build') }));
    expect(seen).toEqual(['begin 1', 'ready 1', 'begin 2', 'ready 2', 'begin 3', 'ready 3', 'build']);
  });

  it.each<[Behaviour, RegExp]>([
    ['refuses', /^thread 2 of 2 could not be started: no room for a stack$/],
    ['throws', /^thread 2 of 2 could not be started: TypeError: not a worker$/],
    ['throwsLater', /^thread 2 of 2 could not be started: RangeError: too deep$/],
    ['exits', /^thread 2 of 2 could not be started: it ended with code 7$/],
    ['isNoScript', /^thread 2 of 2 could not be started: SyntaxError/],
  ])('rejects with the reason when a thread %s, and leaves none running', async (behaviour, message) => {
    const { start, alive } = behaving('answers', behaviour);
    const build = vi.fn();
    await expect(startPool(options({ start, build }))).rejects.toMatchObject({
      name: 'OstinatoError',
      code: 'pool_failed',
      message: expect.stringMatching(message),
    });
    expect(build).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(alive()).toBe(0));
  });

  it('rejects when a thread does not answer in time', async () => {
    const { start, alive } = behaving('isSilent', 'answers');
    await expect(startPool(options({ start, patience: 300 }))).rejects.toMatchObject({
      code: 'pool_failed',
      message: 'thread 1 of 2 could not be started: it did not answer within 0.3 s',
    });
    await vi.waitFor(() => expect(alive()).toBe(0));
  });

  it('rejects when this host refuses to start one', async () => {
    const { start, alive } = behaving('answers');
    const refused = new Error('too many workers');
    let count = 0;
    const second: StartThread = (listener) => {
      if (++count === 2) throw refused;
      return start(listener);
    };
    await expect(startPool(options({ start: second }))).rejects.toMatchObject({
      code: 'pool_failed',
      message: 'thread 2 of 2 could not be started: Error: too many workers',
      cause: refused,
    });
    await vi.waitFor(() => expect(alive()).toBe(0));
  });

  it('rejects with what building it threw', async () => {
    const { start, alive } = behaving('answers', 'answers');
    const error = new Error('no pool');
    const build = (): void => {
      throw error;
    };
    await expect(startPool(options({ start, build }))).rejects.toBe(error);
    await vi.waitFor(() => expect(alive()).toBe(0));
  });

  it('says so when it loses a thread afterwards', async () => {
    const { start } = behaving('answers', 'answersAndExits');
    const lost = vi.fn();
    const pool = await startPool(options({ start, lost }));
    expect(lost).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(lost).toHaveBeenCalled());
    pool.end();
  });
});
