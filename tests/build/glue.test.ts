import { describe, expect, it } from 'vitest';
import { threadedGlue } from '../../scripts/wasm/glue.mjs';

const start = "import { startWorkers } from './snippets/wasm-bindgen-rayon-38edf6e439f6d70d/src/workerHelpers.js';\n";
const memory = '    memory: memory || new WebAssembly.Memory({initial:19,maximum:16384,shared:true}),\n';

describe('the glue of a threaded build', () => {
  it("has the library's own start of threads and of memory put in", () => {
    expect(threadedGlue(`${start}{\n${memory}}\n`)).toBe(
      "import { createMemory, startWorkers } from '../../threads/imports.js';\n" +
        '{\n    memory: memory || createMemory({initial:19,maximum:16384,shared:true}),\n}\n',
    );
  });

  it.each([
    ['no start', memory],
    ['two starts', start + start + memory],
    ['no memory', start],
    ['memory that is not shared', `${start}new WebAssembly.Memory({initial:19})`],
  ])('is refused when wasm-bindgen writes it otherwise: %s', (_, source) => {
    expect(() => threadedGlue(source)).toThrow(/times instead of once/);
  });
});
