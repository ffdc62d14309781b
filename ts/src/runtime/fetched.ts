import { DataError } from '../errors.js';

/** Whether a source is to be fetched: `http:`, `https:`, `data:` and `blob:` URLs. */
export function isRemote(source: string | URL): boolean {
  return /^(https?|data|blob):/i.test(String(source));
}

/**
 * The response of a URL that answered with a file.
 *
 * @throws DataError (code `unreadable`) when the server cannot be reached, answers with an error
 * status, or answers with an HTML page, as single-page sites do for files that do not exist
 */
export async function fetchFile(source: string | URL): Promise<Response> {
  const name = String(source);
  let response: Response;
  try {
    response = await fetch(source);
  } catch (cause) {
    throw unreadable(name, 'could not be fetched', cause);
  }
  if (!response.ok) throw unreadable(name, `the server answered ${response.status} ${response.statusText}`.trimEnd());
  if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) {
    throw unreadable(name, 'the server answered with an HTML page instead of the file');
  }
  return response;
}

/**
 * The whole body of a response.
 *
 * @param name what errors call it
 * @throws DataError (code `unreadable`) when the connection ends before the body does
 */
export async function bytesOfBody(response: Response, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw unreadable(name, BROKEN_OFF, cause);
  }
}

/** The bytes of a URL; errors as those of {@link fetchFile} and {@link bytesOfBody}. */
export async function fetchBytes(source: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  return bytesOfBody(await fetchFile(source), String(source));
}

/** The bytes of a URL as they arrive; errors as those of {@link fetchBytes}. */
export async function* streamFetched(source: string | URL): AsyncIterable<Uint8Array> {
  const { body } = await fetchFile(source);
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw unreadable(String(source), BROKEN_OFF, cause);
  } finally {
    // A reader that stops early (an error in line 3) must not leave the connection open.
    await reader.cancel().catch(() => undefined);
  }
}

const BROKEN_OFF = 'the connection ended before the file did';

/** The error of a source that cannot be read. */
export function unreadable(source: string, reason: string, cause?: unknown): DataError {
  return new DataError(reason, { code: 'unreadable', source, ...(cause === undefined ? {} : { cause }) });
}

/** Compiles a WebAssembly file while it arrives; servers that send it under another type are tolerated. */
export async function compileFetched(source: string | URL): Promise<WebAssembly.Module> {
  const response = await fetchFile(source);
  const typed = /^application\/wasm\b/i.test(response.headers.get('content-type') ?? '');
  return typed && typeof WebAssembly.compileStreaming === 'function'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await bytesOfBody(response, String(source)));
}
