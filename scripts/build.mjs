// Builds everything that is not up to date: npm run build
import { main } from './setup/entry.mjs';
import { buildTypeScript } from './build-ts.mjs';
import { buildWasm, everything } from './build-wasm.mjs';

await main(async () => {
  await Promise.all([buildWasm(everything), buildTypeScript()]);
});
