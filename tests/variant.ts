import type { Variant } from '../ts/src/wasm/bindings.js';

const named: Variant[] = ['baseline', 'relaxed', 'threads'];

/** The artifact that this run of the suites is about; the test script runs them once for each. */
export const variant: Variant = named.find((name) => name === process.env['OSTINATO_VARIANT']) ?? 'baseline';

/** How many threads compute in it. */
export const threads = variant === 'threads' ? 2 : 1;
