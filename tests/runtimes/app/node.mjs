// Prints one line of JSON: node node.mjs train FILE, node node.mjs tag FILE, or node node.mjs threads. Deno and Bun too.
import { writeFile } from 'node:fs/promises';
import { tagWith, train, trainWithThreads } from './training.js';

const [, , command, path] = process.argv;
if (command === 'train') {
  const { file, ...result } = await train();
  await writeFile(path, file);
  console.log(JSON.stringify(result));
} else {
  console.log(JSON.stringify(command === 'threads' ? await trainWithThreads() : await tagWith(path)));
}
