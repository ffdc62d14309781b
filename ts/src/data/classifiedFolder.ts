/** A folder of texts for each class. */

import { listFolder, openBytes } from '#runtime';
import { DataError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import type { FolderEntry } from '../runtime/contract.js';
import type { ClassifiedText } from './example.js';
import { readLines } from './lines.js';
import type { SourceOptions } from './source.js';

/**
 * Reads a folder of folders: the name of each is a class, and every file in it, at any depth, is a
 * text, which gzip may have compressed. Files beside the classes' folders are left out, and so is what
 * starts with a dot. Only where there is a file system, which a page has not.
 *
 * @throws DataError (`unreadable`, `bad_encoding`, `bad_gzip`), and (`no_data`) without a folder inside
 * @throws UsageError (`bad_option`)
 * @throws UnsupportedError where there is no file system
 *
 * @example
 * for await (const { text, label, source } of readClassifiedFolder('aclImdb/test')) console.log(label, source);
 */
export async function* readClassifiedFolder(
  path: string | URL,
  options: Pick<SourceOptions, 'encoding'> = {},
): AsyncGenerator<ClassifiedText> {
  checkOptionNames(options, { encoding: true });
  const classes = (await shown(path)).filter(({ isFolder }) => isFolder);
  if (classes.length === 0) {
    throw new DataError('expected a folder for each class, found none', { code: 'no_data', source: String(path) });
  }
  for (const { name: label, path: folder } of classes) {
    for await (const source of filesIn(folder)) {
      const lines: string[] = [];
      for await (const { text } of readLines(openBytes(source), { ...options, name: source })) lines.push(text);
      yield { text: lines.join('\n'), label, source };
    }
  }
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const { path, isFolder } of await shown(folder)) {
    if (isFolder) yield* filesIn(path);
    else yield path;
  }
}

async function shown(path: string | URL): Promise<FolderEntry[]> {
  return (await listFolder(path)).filter(({ name }) => !name.startsWith('.'));
}
