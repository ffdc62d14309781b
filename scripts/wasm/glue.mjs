// The glue of a threaded build, as wasm-bindgen and wasm-bindgen-rayon write it, knows Web Workers alone and asks for as
// much memory as there may ever be. Both are ours instead: `ts/src/threads/imports.ts`.
import { Failure } from '../setup/failure.mjs';

/** What stands once in the glue, and what is put there; `$1` is what the parentheses hold. */
const edits = [
  [
    /^import \{ startWorkers \} from '\.\/snippets\/wasm-bindgen-rayon-[^']*';$/gm,
    "import { createMemory, startWorkers } from '../../threads/imports.js';",
  ],
  [/new WebAssembly\.Memory\((\{initial:\d+,maximum:\d+,shared:true\})\)/g, 'createMemory($1)'],
];

/** The glue of a threaded build with the library's own start of threads and of memory in place. */
export function threadedGlue(source) {
  let text = source;
  for (const [pattern, replacement] of edits) {
    const count = [...source.matchAll(pattern)].length;
    if (count !== 1) throw new Failure(`wasm-bindgen's glue matches ${pattern} ${count} times instead of once.`);
    text = text.replace(pattern, replacement);
  }
  return text;
}
