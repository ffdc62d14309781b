/** Text sources of every kind to one text. */

import { DataError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import { decoderOf } from './lines.js';
import { chunksOf, SOURCE_NAMES, type SourceOptions, type TextSource } from './source.js';

/**
 * All of a source as it is, line ends too; a byte order mark at the very start is left out, and what gzip
 * compressed is restored.
 *
 * @throws DataError (`bad_encoding`), (`bad_gzip`)
 * @throws UsageError (`bad_source`) for what is no source, (`bad_option`) for an unknown encoding or option
 *
 * @example
 * const text = await readText(await file.stream(), { encoding: 'gb18030' });
 */
export async function readText(source: TextSource, options: SourceOptions = {}): Promise<string> {
  checkOptionNames(options, SOURCE_NAMES);
  const { name, encoding = 'utf-8' } = options;
  const decoder = decoderOf(encoding, false);
  const parts: string[] = [];
  const decode = (bytes?: Uint8Array): void => {
    try {
      parts.push(decoder.decode(bytes, { stream: bytes !== undefined }));
    } catch (cause) {
      const details = { code: 'bad_encoding', source: name, cause };
      throw new DataError(`expected ${encoding.toUpperCase()}, found bytes that are not`, details);
    }
  };
  for await (const chunk of chunksOf(source, name)) {
    if (typeof chunk === 'string') {
      decode();
      parts.push(chunk);
    } else {
      decode(chunk);
    }
  }
  decode();
  const text = parts.join('');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
