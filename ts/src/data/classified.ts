/** Classified texts in whichever format they are. */

import * as v from 'valibot';
import { DataError, describe, UsageError } from '../errors.js';
import { checkOptions, choice, flag, other, type OptionTable } from '../models/option.js';
import { labelledRecords } from './classifiedJsonl.js';
import { chooseColumns, type ColumnOptions } from './columns.js';
import { guessDelimiter, readRows, type RowOptions } from './csv.js';
import type { ClassifiedExample, ClassifiedText, MultiClassifiedText } from './example.js';
import { HEAD_LINES, isFilled } from './format.js';
import { FASTTEXT_LABEL, fastTextLines, labelFirst } from './labelledLines.js';
import { labelled, type LabelledText, type LabellingOptions } from './labelling.js';
import { readLines, type Line } from './lines.js';
import { peek } from './peek.js';
import { extensionOf, type SourceOptions, type TextSource } from './source.js';

/** A format of classified texts. */
export type ClassifiedFormat = (typeof FORMATS)[number];

const FORMATS = ['csv', 'tsv', 'jsonl', 'fasttext', 'lines'] as const;

/** Options of `readClassified`. */
export interface ClassifiedOptions extends SourceOptions, ColumnOptions, LabellingOptions {
  /** The format. Default: found by `detectClassifiedFormat`. */
  format?: ClassifiedFormat | undefined;
  /** What separates the columns of `csv`. Default: a comma, a semicolon, a tab or a bar, found by content. */
  delimiter?: string | undefined;
}

const WORD = v.pipe(v.string(), v.nonEmpty());
const DELIMITER = v.pipe(v.string(), v.regex(/^[^"\r\n\ufeff]$/u));

function column(text: string) {
  const schema = v.union([WORD, v.pipe(v.number(), v.integer())]);
  return other(text, 'a name, or a number from 0', schema, { otherwise: 'found by its name' });
}

/** How classified texts are read, as options. */
export const CLASSIFIED_OPTIONS = {
  format: choice('format of the data', FORMATS, { otherwise: 'found by content and extension' }),
  encoding: other('encoding of the data', 'a name of the Encoding Standard', WORD, { default: 'utf-8' }),
  textColumn: column('column of the text, by its name or its number from 0; or key in JSON Lines'),
  labelColumn: column('column of the label, likewise'),
  header: flag('the first row holds the names of the columns', { otherwise: 'where it looks so' }),
  delimiter: other('what separates the columns of csv', 'a character other than a quote', DELIMITER, { otherwise: 'found by content' }),
  labelSeparator: other('what separates several labels in one cell', 'a text', WORD, { default: ',' }),
  coarse: flag('only what stands before the first colon counts of a label', { default: false }),
} as const satisfies OptionTable;

const TABLE = {
  ...CLASSIFIED_OPTIONS,
  multi: flag('a text has any number of labels', { default: false }),
  name: other('what errors call the source', 'a name', v.string(), { otherwise: 'nothing' }),
} as const satisfies { readonly [name in keyof ClassifiedOptions]-?: unknown };

/**
 * Reads classified texts, one at a time, from
 *
 * - `csv`, RFC 4180, with or without a row of names, its columns separated by any character;
 * - `tsv`, a tab between columns, where quotes are part of the text; one with fields in quotes is `csv`
 *   with the delimiter `\t`;
 * - `jsonl`, an object a line: `{ "text": …, "label": … }`;
 * - `fasttext`, `__label__x` before the text;
 * - `lines`, a label, white space and the text, as in SST and TREC.
 *
 * Columns and keys are found by usual names (`text`, `sentence`, … and `label`, `class`, `intent`, …) or given.
 *
 * @throws DataError with the line: `bad_row`, `bad_columns`, `bad_json`, `bad_record`, `bad_label`,
 *   `unknown_format`, `bad_encoding`, `bad_gzip`
 * @throws UsageError (`bad_option`)
 *
 * @example
 * for await (const { text, label } of readClassified('text,label\nWin a cruise!,spam\n')) console.log(label, text);
 *
 * @example
 * // TREC: ENTY:animal What is a goblin shark ?
 * readClassified(createReadStream('train_5500.label'), { encoding: 'iso-8859-1', coarse: true });
 */
export function readClassified(
  source: TextSource,
  options?: ClassifiedOptions & { multi?: false | undefined },
): AsyncGenerator<ClassifiedText>;
export function readClassified(
  source: TextSource,
  options: ClassifiedOptions & { multi: true },
): AsyncGenerator<MultiClassifiedText>;
export function readClassified(source: TextSource, options: ClassifiedOptions): AsyncGenerator<ClassifiedExample>;
export async function* readClassified(source: TextSource, options: ClassifiedOptions = {}): AsyncGenerator<ClassifiedExample> {
  checkOptions(options, TABLE);
  const { name } = options;
  const lines = readLines(source, options);
  try {
    const { head, all } = await peek(lines, HEAD_LINES, isFilled);
    if (!head.some(isFilled)) return;
    for await (const raw of labelledTexts(head.map(({ text }) => text), all, options)) yield labelled(raw, options, name);
  } finally {
    await lines.return(undefined);
  }
}

/** Texts and what stands beside them, whatever the format. */
function labelledTexts(
  head: readonly string[],
  all: AsyncGenerator<Line>,
  options: ClassifiedOptions,
): AsyncGenerator<LabelledText> {
  const { name, delimiter, textColumn, labelColumn, header } = options;
  const table = [delimiter, textColumn, labelColumn, header].some((option) => option !== undefined);
  const format = options.format ?? (delimiter === undefined ? formatOf(head, name, table) : 'csv');
  if (delimiter !== undefined && format !== 'csv') throw UsageError.option('delimiter', delimiter, `none with format ${format}`);
  switch (format) {
    case 'csv':
      return labelledRows(all, { ...options, delimiter: delimiter ?? guessDelimiter(head) ?? ',', quoted: true });
    case 'tsv':
      return labelledRows(all, { ...options, delimiter: '\t', quoted: false });
    case 'jsonl':
      return labelledRecords(all, options);
    case 'fasttext':
      return fastTextLines(all);
    case 'lines':
      return labelFirst(all, name);
  }
}

async function* labelledRows(lines: AsyncIterable<Line>, options: RowOptions & ColumnOptions): AsyncGenerator<LabelledText> {
  const { head, all } = await peek(readRows(lines, options), HEAD_LINES);
  const { text, label, header } = chooseColumns(head, options, options.name);
  let first = true;
  for await (const { fields, line } of all) {
    if (!(header && first)) yield { text: fields[text] as string, labels: [fields[label] as string], line };
    first = false;
  }
}

/**
 * The format of classified texts, from their first lines, and from the extension of their name where
 * these leave it open.
 *
 * @param lines the first lines; 20 that are not blank are plenty
 * @throws DataError (`unknown_format`)
 *
 * @example
 * detectClassifiedFormat(['__label__spam Win a free cruise!']); // 'fasttext'
 */
export function detectClassifiedFormat(lines: readonly string[], name?: string): ClassifiedFormat {
  return formatOf(lines, name, false);
}

const EXTENSIONS = new Map<string, ClassifiedFormat>([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'jsonl'],
]);

/** @param table whether only what has columns or keys will do */
function formatOf(lines: readonly string[], name: string | undefined, table: boolean): ClassifiedFormat {
  const filled = lines.filter((line) => line.trim() !== '');
  const [first = ''] = filled;
  if (/^\s*\{\s*["}]/.test(first)) return 'jsonl';
  if (!table && first.search(FASTTEXT_LABEL) >= 0) return 'fasttext';
  const extension = EXTENSIONS.get(extensionOf(name));
  if (extension !== undefined) return extension;
  if (filled.length > 0 && filled.every((line) => line.includes('\t'))) return 'tsv';
  const words = table ? [] : firstWords(filled);
  // A line that lacks its text is for the reader to name.
  if (areLabels(words)) return 'lines';
  if (table || guessDelimiter(filled) !== undefined) return 'csv';
  const whole = filled.every((line) => /\S\s+\S/.test(line));
  if (whole && words.length >= 4 && new Set(words).size <= words.length / 2) return 'lines';
  throw new DataError(
    'unknown data format: expected CSV, TSV, JSON Lines (an object a line), fastText (__label__ before each label) or ' +
      `lines (a label, a space and a text); say which it is with format; found ${describe(first)}`,
    { code: 'unknown_format', source: name, line: 1 },
  );
}

/** The first words of lines where each is all letters and numbers; else none. */
function firstWords(lines: readonly string[]): string[] {
  const words = lines.flatMap((line) => /^\s*([\p{L}\p{M}\p{N}_:+./-]+)(?!\S)/u.exec(line)?.[1] ?? []);
  return words.length === lines.length ? words : [];
}

/** Whether words are labels without doubt: numbers, or TREC's `COARSE:fine`. */
function areLabels(words: readonly string[]): boolean {
  return words.length > 0 && [/^[+-]?\d+$/, /^[A-Z]+:\w+$/].some((form) => words.every((word) => form.test(word)));
}
