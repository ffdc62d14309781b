/** Rows of separated values, with the line that each begins on. */

import Papa from 'papaparse';
import { DataError, describe } from '../errors.js';
import type { Line } from './lines.js';

/** One row. */
export interface Row {
  fields: string[];
  /** Line on which it begins, counted from 1. */
  line: number;
}

/** How rows are written. */
export interface RowOptions {
  /** What stands between two fields. */
  delimiter: string;
  /** Whether a field may stand in double quotes, so that it holds delimiters and line ends (RFC 4180). */
  quoted: boolean;
  /** What errors call the source. */
  name?: string | undefined;
}

/**
 * Rows, one at a time; blank lines between them are left out. Inside a field that does not start with
 * a quote, quotes stand for themselves. Every row has as many fields as the first.
 *
 * @throws DataError (`bad_row`) with the line: another number of fields, a quote that is never closed,
 *   text behind a closing quote
 */
export async function* readRows(lines: AsyncIterable<Line>, options: RowOptions): AsyncGenerator<Row> {
  const { delimiter, name } = options;
  let shape: Row | undefined;
  for await (const row of options.quoted ? quotedRows(lines, options) : plainRows(lines, delimiter)) {
    shape ??= row;
    const { length } = shape.fields;
    if (row.fields.length !== length) {
      throw badRow(
        `expected ${length} ${length === 1 ? 'field' : 'fields'}, as on line ${shape.line}, ` +
          `found ${row.fields.length}: ${describe(row.fields.join(delimiter))}`,
        row.line,
        name,
      );
    }
    yield row;
  }
}

async function* plainRows(lines: AsyncIterable<Line>, delimiter: string): AsyncGenerator<Row> {
  for await (const { text, number } of lines) {
    if (text.trim() !== '') yield { fields: text.split(delimiter), line: number };
  }
}

async function* quotedRows(lines: AsyncIterable<Line>, { delimiter, name }: RowOptions): AsyncGenerator<Row> {
  /** Lines of a row that is not over. */
  let open: string[] = [];
  let line = 0;
  for await (const { text, number } of lines) {
    if (open.length === 0) {
      if (text.trim() === '') continue;
      line = number;
    } else if (!closes(text)) {
      open.push(text);
      continue;
    }
    const record = [...open, text];
    const fields = fieldsOf(record.join('\n'), delimiter, line, name);
    open = fields === undefined ? record : [];
    if (fields !== undefined) yield { fields, line };
  }
  if (open.length > 0) throw badRow('a field starts with a quote that is never closed', line, name);
}

/** Whether a line that begins inside quotes closes them: two quotes in a row stand for one. */
function closes(line: string): boolean {
  return line.replaceAll('""', '').includes('"');
}

/** The fields of a row; none where its last quote is not closed yet. */
function fieldsOf(record: string, delimiter: string, line: number, name: string | undefined): string[] | undefined {
  const { data, errors } = Papa.parse<string[]>(record, { delimiter, newline: '\n' });
  const wrong = errors.find(({ code }) => code === 'InvalidQuotes');
  if (wrong !== undefined) {
    const before = record.slice(0, wrong.index ?? 0).split('\n').length - 1;
    throw badRow(
      'a field in quotes goes on behind its closing quote; a quote inside such a field is written twice',
      line + before,
      name,
    );
  }
  return errors.length > 0 ? undefined : data[0];
}

/** The delimiters that are found by content. */
const DELIMITERS = [',', ';', '\t', '|'];

/**
 * What separates the fields of rows; none where the lines do not look like rows of several fields each.
 *
 * @param lines the first lines, which may end inside a row
 */
export function guessDelimiter(lines: readonly string[]): string | undefined {
  const { data, meta } = Papa.parse<string[]>(lines.join('\n'), {
    newline: '\n',
    delimitersToGuess: DELIMITERS,
    skipEmptyLines: true,
  });
  const whole = data.length > 1 ? data.slice(0, -1) : data;
  const { length = 0 } = whole[0] ?? [];
  return length > 1 && whole.every((row) => row.length === length) ? meta.delimiter : undefined;
}

function badRow(message: string, line: number, source: string | undefined): DataError {
  return new DataError(message, { code: 'bad_row', line, source });
}
