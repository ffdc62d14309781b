import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Tests run on the TypeScript sources; the built WebAssembly stands in `dist/wasm`, and the script of a
 * thread, which no test tool transforms, in `dist/threads`. What finds these beside itself is told here
 * that it lives there.
 */
function builtArtifacts(): Plugin {
  const dist = path('./dist/');
  const moved = new Map(['wasm/bindings', 'threads/thread'].map((name) => [path(`./ts/src/${name}.ts`), `${dist}${name}.js`]));
  return {
    name: 'built-artifacts',
    enforce: 'pre',
    resolveId(source, importer) {
      const place = importer === undefined ? undefined : moved.get(importer);
      return place !== undefined && source.endsWith('/ostinato.js') ? join(dirname(place), source) : undefined;
    },
    transform(code, id) {
      const place = moved.get(id);
      if (place === undefined) return undefined;
      return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href));
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
      suite('threads', 120_000),
      suite('golden', 120_000),
      suite('tagger', 300_000),
      suite('classifier', 300_000),
      suite('extractor', 300_000),
      suite('languageModel', 300_000),
      suite('cli', 120_000),
      suite('bench', 120_000),
      suite('runtimes', 300_000),
    ],
  },
});
