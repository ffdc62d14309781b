import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Tests run on the TypeScript sources; the built WebAssembly stands in `dist/wasm`. `bindings.ts` finds it beside
 * itself, so here it is told that it lives there.
 */
function builtArtifacts(): Plugin {
  const bindings = path('./ts/src/wasm/bindings.ts');
  const folder = path('./dist/wasm/');
  return {
    name: 'built-artifacts',
    enforce: 'pre',
    resolveId(source, importer) {
      return importer === bindings && source.endsWith('/ostinato.js') ? folder + source : undefined;
    },
    transform(code, id) {
      if (id !== bindings) return undefined;
      return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(`${folder}bindings.js`).href));
    },
  };
}

/** One suite is one folder under `tests/`; `npm run test:unit` and its like choose one. */
const suite = (name: string, testTimeout: number) => ({
  extends: true as const,
  test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  plugins: [builtArtifacts()],
  resolve: {
    alias: [
      { find: /^ostinato$/, replacement: path('./ts/src/index.ts') },
      { find: /^#runtime$/, replacement: path('./ts/src/runtime/node.ts') },
    ],
  },
  test: {
    environment: 'node',
    projects: [
      suite('unit', 20_000),
      suite('build', 60_000),
      suite('kernels', 120_000),
      suite('boundary', 120_000),
      suite('golden', 120_000),
      suite('tagger', 300_000),
      suite('cli', 120_000),
      suite('bench', 120_000),
      suite('runtimes', 300_000),
    ],
  },
});
