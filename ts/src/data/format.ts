/** Which data format a source is in, and reading it whichever that is. */

import { DataError, describe, UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import type { OffsetUnit } from '../text/offsets.js';
import { parseTag } from '../text/tag.js';
import { conllSentences } from './conll.js';
import type { TaggedExample } from './example.js';
import { inlineTexts } from './inline.js';
import { jsonlExamples } from './jsonl.js';
import { readLines, type Line } from './lines.js';
import { peek } from './peek.js';
import { extensionOf, SOURCE_NAMES, type SourceOptions, type TextSource } from './source.js';

/** A format of labelled data. */
export type DataFormat = 'conll' | 'jsonl' | 'inline';

/** Options of `readExamples`. */
export interface ReadOptions extends SourceOptions {
  /** File name: decides the format where the content does not, and stands in errors. */
  name?: string | undefined;
  /** The format. Default: found by `detectFormat`. */
  format?: DataFormat | undefined;
  /** What offsets count in JSON Lines. Default `utf16`. */
  offsetUnit?: OffsetUnit | undefined;
}

/**
 * Reads labelled examples in any of the formats, one at a time.
 *
 * @throws DataError as the format's reader does, and (`unknown_format`) as `detectFormat` does
 * @throws UsageError (`bad_option`)
 *
 * @example
 * const examples = [];
 * for await (const example of readExamples(file, { name: file.name })) examples.push(example);
 */
export async function* readExamples(
  source: TextSource,
  options: ReadOptions = {},
): AsyncGenerator<TaggedExample> {
  checkOptionNames(options, { ...SOURCE_NAMES, format: true, offsetUnit: true });
  const { name } = options;
  const lines = readLines(source, { name, encoding: options.encoding });
  try {
    const { head, all } = await peek(lines, HEAD_LINES, isFilled);
    if (!head.some(isFilled)) return;
    const format = options.format ?? detectFormat(head.map((line) => line.text), name);
    switch (format) {
      case 'conll':
        return yield* conllSentences(all, { name });
      case 'jsonl':
        return yield* jsonlExamples(all, { name, offsetUnit: options.offsetUnit ?? 'utf16' });
      case 'inline':
        return yield* inlineTexts(all, { name });
      default:
        throw UsageError.option('format', format, 'conll, jsonl or inline');
    }
  } finally {
    await lines.return(undefined);
  }
}

/**
 * The format of a source, from its first lines, and from its name's extension where these leave it
 * open.
 *
 * @param lines the first lines; 20 that are not blank are plenty
 * @throws DataError (`unknown_format`)
 *
 * @example
 * detectFormat(['lunch with [Ana](PERSON)']);   // 'inline'
 * detectFormat(['Ana\tB-PER', 'sings\tO', '']); // 'conll'
 */
export function detectFormat(lines: readonly string[], name?: string): DataFormat {
  const filled = lines.map((line) => line.trim()).filter((line) => line !== '');
  const [first] = filled;
  const extension = EXTENSIONS.get(extensionOf(name));
  if (first !== undefined) {
    if (/^\{\s*["}]/.test(first)) return 'jsonl';
    const rows = filled.filter((line) => !line.startsWith('# ') && !line.startsWith('-DOCSTART-'));
    if (rows.length > 0 && rows.every(isRow)) return 'conll';
    if (filled.some((line) => INLINE_ENTITY.test(line))) return 'inline';
  }
  if (extension !== undefined) return extension;
  throw new DataError(
    'unknown data format: expected CoNLL (a token and a tag a line), JSON Lines (an object a ' +
      `line) or inline annotation ([text](TYPE)), found ${describe(first ?? '')}`,
    { code: 'unknown_format', source: name, line: 1 },
  );
}

/** Lines that are not blank, looked at to find the format. */
export const HEAD_LINES = 20;

const EXTENSIONS = new Map<string, DataFormat>([
  ['conll', 'conll'],
  ['conllu', 'conll'],
  ['bio', 'conll'],
  ['iob', 'conll'],
  ['iob2', 'conll'],
  ['bioes', 'conll'],
  ['bmes', 'conll'],
  ['tsv', 'conll'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'jsonl'],
  ['md', 'inline'],
]);

const INLINE_ENTITY = /\[[^[\]]+\]\([^()]+\)/;

/** Whether a line could be a token and its tag. */
function isRow(line: string): boolean {
  const columns = line.split(/[ \t]+/);
  return columns.length > 1 && parseTag(columns.at(-1) as string) !== undefined;
}

/** Whether a line is not blank. */
export function isFilled({ text }: Line): boolean {
  return text.trim() !== '';
}
