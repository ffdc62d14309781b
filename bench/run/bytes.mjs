// What a page has to fetch to run an engine: its JavaScript, bundled and minified by one bundler, and its WebAssembly.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const bench = fileURLToPath(new URL('..', import.meta.url));
const inBench = (path) => join(bench, path);

/** By engine: what a page imports, and the WebAssembly that its browser then takes. */
const shipped = [
  { title: 'ostinato', entry: `export { Tagger } from '../dist/index.js';`, wasm: ['../dist/wasm/relaxed/ostinato_bg.wasm'] },
  { title: 'ostinato baseline', entry: `export { Tagger } from '../dist/index.js';`, wasm: ['../dist/wasm/baseline/ostinato_bg.wasm'] },
  {
    title: 'onnxruntime-web', entry: `export * from 'onnxruntime-web/wasm';`,
    wasm: ['node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'],
  },
  {
    title: 'TensorFlow.js wasm', entry: `export * from '@tensorflow/tfjs'; export * from '@tensorflow/tfjs-backend-wasm';`,
    wasm: ['node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'],
  },
  { title: 'TensorFlow.js cpu', entry: `export * from '@tensorflow/tfjs';`, wasm: [] },
  { title: 'jax-js', entry: `export * from '@jax-js/jax';`, wasm: [] },
  { title: 'brain.js', file: 'node_modules/brain.js/browser.min.js', wasm: [] },
];

/** The JavaScript of an entry with all that it imports. */
async function bundle(entry) {
  const folder = await mkdtemp(inBench('.bundle-'));
  try {
    const input = join(folder, 'entry.js');
    await writeFile(input, entry.replaceAll(`'../dist/`, `'../../dist/`));
    const { output } = await build({
      root: folder, configFile: false, logLevel: 'silent',
      build: { write: false, minify: true, assetsInlineLimit: 0, rollupOptions: { input, preserveEntrySignatures: 'strict' } },
    });
    return output.filter(({ type }) => type === 'chunk').map(({ code }) => code);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Bytes of files as they are and as two compressions send them. */
export function sizesOf(files) {
  const sizes = { raw: 0, gzip: 0, brotli: 0 };
  for (const file of files) {
    const bytes = Buffer.from(file);
    sizes.raw += bytes.length;
    sizes.gzip += gzipSync(bytes, { level: 9 }).length;
    sizes.brotli += brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
  }
  return sizes;
}

/** By engine: sizes of `script`, of `wasm` and of both. */
export async function bytesShipped() {
  const figures = [];
  for (const { title, entry, file, wasm } of shipped) {
    const script = sizesOf(file ? [await readFile(inBench(file))] : await bundle(entry));
    const modules = sizesOf(await Promise.all(wasm.map((path) => readFile(inBench(path)))));
    const total = Object.fromEntries(Object.keys(script).map((kind) => [kind, script[kind] + modules[kind]]));
    figures.push({ title, script, wasm: modules, total });
  }
  return figures;
}
