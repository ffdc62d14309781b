import type { Variant } from '../ts/src/wasm/bindings.js';

/** The artifact that this run of the suites is about; the test script runs them once for each. */
export const variant: Variant = process.env['OSTINATO_VARIANT'] === 'relaxed' ? 'relaxed' : 'baseline';
