import { UnsupportedError } from '../errors.js';
import { streamChunks } from './chunks.js';
import type { Runtime } from './contract.js';
import { compileFetched, fetchBytes, streamFetched } from './fetched.js';

/** See {@link Runtime.readBytes}. */
export const readBytes: Runtime['readBytes'] = (source) => fetchBytes(source);

/** See {@link Runtime.writeBytes}. */
export const writeBytes: Runtime['writeBytes'] = (path) =>
  Promise.reject(
    new UnsupportedError(`${String(path)}: there is no file system here; take the bytes and store or offer them yourself`),
  );

/** See {@link Runtime.openBytes}. */
export const openBytes: Runtime['openBytes'] = (source) => streamFetched(source);

/** See {@link Runtime.decompressed}. */
export const decompressed: Runtime['decompressed'] = (compressed) => {
  const chunks = compressed[Symbol.asyncIterator]();
  // `ReadableStream.from` is not everywhere yet.
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  return streamChunks(stream.pipeThrough(new DecompressionStream('gzip')));
};

/** See {@link Runtime.listFolder}. */
export const listFolder: Runtime['listFolder'] = (path) =>
  Promise.reject(new UnsupportedError(`${String(path)}: there is no file system here, and so no folder`));

/** See {@link Runtime.compileModule}. */
export const compileModule: Runtime['compileModule'] = (source) => compileFetched(source);

/** See {@link Runtime.hardwareConcurrency}. */
export const hardwareConcurrency: Runtime['hardwareConcurrency'] = () =>
  Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1);

/** See {@link Runtime.breathe}. */
export const breathe: Runtime['breathe'] = () =>
  new Promise((resolve) => {
    // A timer would wait four milliseconds once it is nested; a message goes to the back of the same queue.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/**
 * See {@link Runtime.prefersPlainCode}: Chromium since 130 and Firefox do, and older Chromium without fused
 * multiplication; of others nothing is known.
 */
export const prefersPlainCode: Runtime['prefersPlainCode'] = (fused) => {
  const agent = globalThis.navigator?.userAgent ?? '';
  const chromium = /Chrom(?:e|ium)\/(\d+)/.exec(agent);
  return chromium ? Number(chromium[1]) >= (fused ? 130 : 113) : /Firefox\//.test(agent);
};
