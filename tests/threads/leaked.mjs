// node --expose-gc leaked.mjs: makes engines with threads and forgets them; prints how many threads are left.
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { createEngine } from '../../dist/index.js';

const threads = () => readdirSync('/proc/self/task').length;

(await createEngine({ threads: 2 })).dispose();
await setTimeout(200);
const before = threads();
// Held until they have been counted: the garbage may be collected at any time.
const engines = [];
for (let count = 0; count < 6; count++) engines.push(await createEngine({ threads: 2 }));
const most = threads() - before;
engines.length = 0;
for (let turn = 0; turn < 40 && threads() - before > 1; turn++) {
  globalThis.gc();
  await setTimeout(50);
}
console.log(JSON.stringify({ most, left: threads() - before }));
