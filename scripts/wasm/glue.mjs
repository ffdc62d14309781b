// The glue of a threaded build as wasm-bindgen and wasm-bindgen-rayon write it knows Web Workers alone, and gives every
// instance after the first a memory of the largest size. Both are ours in `ts/src/threads`.
import { Failure } from '../setup/failure.mjs';

const edits = [
  [
    /^import \{ startWorkers \} from '\.\/snippets\/wasm-bindgen-rayon-[^']*';$/m,
    () => "import { createMemory, startWorkers } from '../../threads/imports.js';",
  ],
  [/new WebAssembly\.Memory\((\{initial:\d+,maximum:\d+,shared:true\})\)/, (_, limits) => `createMemory(${limits})`],
];

/** The glue with the library's own start of threads and of their memory in place. */
export function threadedGlue(source) {
  return edits.reduce((text, [pattern, replacement]) => {
    if (text.split(pattern).length !== (replacement.length === 0 ? 2 : 3)) {
      throw new Failure(`The glue of the threads build should match ${pattern} once, and does not: wasm-bindgen has changed.`);
    }
    return text.replace(pattern, replacement);
  }, source);
}
