// A threaded module that lacks a linker flag links without a word. These look at what came out.

/** What the linker must export for wasm-bindgen to make threads of. */
export const linkerExports = ['__heap_base', '__wasm_init_tls', '__tls_size', '__tls_align', '__tls_base'];

const threadExports = ['__tls_base', '__stack_alloc', '__wbindgen_start', '__wbindgen_thread_destroy', 'wbg_rayon_start_worker'];

/**
 * What is wrong with the memory and exports of a variant's binary, one sentence each; none when all is well.
 *
 * @param {ReturnType<typeof import('./binary.mjs').readBinary>} binary
 * @param {{ sharedPages: number | undefined }} variant
 */
export function faults({ imports, memories, exports }, { sharedPages }) {
  const found = [];
  const imported = imports.filter(({ kind }) => kind === 'memory');
  if (sharedPages === undefined) {
    if (imported.length > 0) found.push('memory is imported, though every instance is to make its own');
    if (memories.some(({ shared }) => shared)) found.push('memory is shared, though this build has no threads');
    if (!exports.some(({ name, kind }) => name === 'memory' && kind === 'memory')) found.push('memory is not exported');
    return found;
  }
  if (imported.length !== 1) return ['memory is not imported (--import-memory), so that threads would not share it'];
  const { shared, minimum, maximum } = imported[0].limits;
  if (!shared) found.push('the imported memory is not shared (--shared-memory)');
  if (maximum !== sharedPages) {
    found.push(`the imported memory grows to ${maximum ?? 'no maximum'} pages instead of ${sharedPages} (--max-memory)`);
  }
  if (minimum >= sharedPages) found.push(`the imported memory starts at its maximum, ${minimum} pages`);
  for (const name of threadExports) {
    if (!exports.some((entry) => entry.name === name)) found.push(`nothing exports ${name}, which threads need to start and end`);
  }
  return found;
}

/**
 * What wasm-bindgen would need to give every thread its own locals and stack, and the linker did not export.
 *
 * @param {ReturnType<typeof import('./binary.mjs').readBinary>} binary
 * @param {{ sharedPages: number | undefined }} variant
 */
export function linkFaults({ exports }, { sharedPages }) {
  if (sharedPages === undefined) return [];
  return linkerExports
    .filter((name) => !exports.some((entry) => entry.name === name))
    .map((name) => `the linker exports no ${name} (--export=${name})`);
}
