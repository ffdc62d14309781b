// node node.mjs train FILE, or node node.mjs tag FILE: prints one line of JSON.
import { writeFile } from 'node:fs/promises';
import { tagWith, train } from './training.js';

const [, , command, path] = process.argv;
if (command === 'train') {
  const { file, ...result } = await train();
  await writeFile(path, file);
  console.log(JSON.stringify(result));
} else {
  console.log(JSON.stringify(await tagWith(path)));
}
