#!/usr/bin/env node
/** The `ostinato` command. */

import { run } from './program.js';

process.exitCode = await run(process.argv.slice(2));
