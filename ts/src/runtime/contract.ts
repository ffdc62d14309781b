/**
 * What the library asks of the place it runs in. One file beside this one for each kind of place;
 * `#runtime` (package.json, `imports`) is the one that fits.
 */
export interface Runtime {
  /**
   * Reads a whole file. A string is a path where there are files, else a URL relative to the page;
   * `http:` and `https:` URLs are fetched everywhere.
   *
   * @throws DataError (code `unreadable`) when there is no such file or the server does not give it
   */
  readBytes(source: string | URL): Promise<Uint8Array<ArrayBuffer>>;

  /**
   * Writes a whole file, replacing it at once, so that a reader sees the old or the new content.
   *
   * @throws UnsupportedError where there is no file system
   */
  writeBytes(path: string | URL, bytes: Uint8Array): Promise<void>;

  /**
   * The bytes of a file in pieces of any length, so that a large one is never held whole.
   *
   * @throws DataError (code `unreadable`) as `readBytes` does
   */
  openBytes(source: string | URL): AsyncIterable<Uint8Array>;

  /**
   * What gzip compressed. Of several files joined to one it is all of them, except in browsers, whose streams
   * take a single one.
   *
   * @throws when the data are damaged or cut short
   */
  decompressed(compressed: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncIterable<Uint8Array>;

  /**
   * What stands in a folder, in the order of the names' code units.
   *
   * @throws DataError (code `unreadable`) when there is no such folder
   * @throws UnsupportedError where there is no file system
   */
  listFolder(path: string | URL): Promise<FolderEntry[]>;

  /**
   * Compiles a WebAssembly file.
   *
   * @throws DataError (code `unreadable`) as `readBytes` does
   */
  compileModule(source: string | URL): Promise<WebAssembly.Module>;

  /** How many threads this machine runs at once; at least 1. */
  hardwareConcurrency(): number;

  /**
   * Whether plain code suits this host's WebAssembly: an engine whose memory has guard pages, and a recent one
   * where the build is `fused`, has fused multiplication. Where it checks the bounds of every access instead, or
   * reorders loads badly, careful code is three times as fast; where nothing is known, careful code is never
   * slow. Results do not depend on it.
   */
  prefersPlainCode(fused: boolean): boolean;

  /** Resolves once the host's event loop has had a turn, so that long work leaves room for others. */
  breathe(): Promise<void>;
}

/** A file or folder in a folder. */
export interface FolderEntry {
  readonly name: string;
  /** Path of it, for `openBytes` and `listFolder`. */
  readonly path: string;
  readonly isFolder: boolean;
}
