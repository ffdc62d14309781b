// Where things are. Every script works from the project's root, wherever it is called from.
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Path of something in the project. */
export const at = (...parts) => join(root, ...parts);

/** Command line tools built or fetched for this project alone. */
export const toolsFolder = at('.tools');

/** Files that say what a build was made from. */
export const stampsFolder = at('dist', '.stamps');

/** Data sets that tests and benchmarks read where they are there: `DATA_DIR`, else a folder of them beside the checkout. */
export const dataFolder = process.env.DATA_DIR ?? at('..', 'shared', 'data');
