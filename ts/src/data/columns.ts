/** Which columns of a table, or keys of a record, hold a text and its label. */

import { DataError, describe } from '../errors.js';
import type { Row } from './csv.js';

/** Which columns are meant, as far as somebody says so. */
export interface ColumnOptions {
  /** Column of the text, or key in JSON Lines: its name, or its number from 0; -1 is the last. */
  textColumn?: string | number | undefined;
  /** Column of the label or labels, likewise. */
  labelColumn?: string | number | undefined;
  /** Whether the first row holds the names of the columns. Default: where it holds names asked for or known ones. */
  header?: boolean | undefined;
}

/** Where a text and its label stand in every row. */
export interface Columns {
  text: number;
  label: number;
  /** Whether the first row holds the names of the columns. */
  header: boolean;
}

/** Names of a column or key that holds texts, the likeliest first. */
export const TEXT_NAMES = [
  'text', 'sentence', 'content', 'message', 'review', 'body', 'comment', 'tweet', 'query', 'question', 'utterance',
  'document', 'description', 'headline', 'title',
] as const;

/** Names of a column or key that holds labels, the likeliest first. */
export const LABEL_NAMES = [
  'label', 'labels', 'class', 'category', 'intent', 'sentiment', 'target', 'tag', 'tags', 'topic', 'emotion', 'polarity',
  'rating', 'stars', 'score',
] as const;

/**
 * Chooses the columns. Names count in any case. Where one of two columns is known, the other is the
 * other; of two columns without names, the one with fewer different values is the label.
 *
 * @param rows the first rows, at least one
 * @throws DataError (`bad_columns`) that lists the columns there are
 */
export function chooseColumns(rows: readonly Row[], options: ColumnOptions, source: string | undefined): Columns {
  const { fields: first, line } = rows[0] as Row;
  const { textColumn, labelColumn } = options;
  const names = first.map((name) => name.trim().toLowerCase());
  const known = (candidates: readonly string[]): number => {
    const name = candidates.find((candidate) => names.includes(candidate));
    return name === undefined ? -1 : names.indexOf(name);
  };
  const knownText = known(TEXT_NAMES);
  const knownLabel = known(LABEL_NAMES);
  const asked = typeof textColumn === 'string' || typeof labelColumn === 'string';
  const one = knownText >= 0 || knownLabel >= 0;
  const both = knownText >= 0 && knownLabel >= 0;
  // A label may be called `question`, too: a single known name counts among names only.
  const header = options.header ?? (asked || both || (one && names.every(isNameLike)));

  const fail = (message: string): DataError => {
    const columns = first.map((field, index) => (header ? describe(field) : `${index} (${describe(field)})`));
    return new DataError(`${message}; the columns are ${columns.join(', ')}`, { code: 'bad_columns', line, source });
  };
  const find = (option: string, column: string | number | undefined): number | undefined => {
    if (column === undefined) return undefined;
    const number = typeof column === 'number' ? column : names.indexOf(column.trim().toLowerCase());
    const found = typeof column === 'number' && column < 0 ? first.length + column : number;
    if (first[found] === undefined) throw fail(`${option}: there is no column ${describe(column)}`);
    return found;
  };
  let text = find('textColumn', textColumn);
  let label = find('labelColumn', labelColumn);
  if (header) {
    if (text === undefined && knownText >= 0 && knownText !== label) text = knownText;
    if (label === undefined && knownLabel >= 0 && knownLabel !== text) label = knownLabel;
  }
  if (first.length === 2) {
    if (text === undefined && label === undefined && !header) label = likelierLabel(rows);
    text ??= label === undefined ? undefined : 1 - label;
    label ??= text === undefined ? undefined : 1 - text;
  }
  if (text === undefined) throw fail('expected a column of texts; say which it is with textColumn');
  if (label === undefined) throw fail('expected a column of labels; say which it is with labelColumn');
  if (text === label) throw fail(`expected texts and labels in two columns, given ${text} for both`);
  return { text, label, header };
}

/** Whether a cell could be the name of a column rather than a text. */
function isNameLike(cell: string): boolean {
  return /^[\p{L}\p{M}\p{N}_.:#-]*( [\p{L}\p{M}\p{N}_.:#-]+){0,2}$/u.test(cell) && cell.length <= 40;
}

/** Which of two columns has fewer different values, or else shorter ones. */
function likelierLabel(rows: readonly Row[]): number {
  const different = (column: number): number => new Set(rows.map(({ fields }) => fields[column])).size;
  const length = (column: number): number => rows.reduce((sum, { fields }) => sum + (fields[column] as string).length, 0);
  return different(0) === different(1) ? (length(0) <= length(1) ? 0 : 1) : different(0) < different(1) ? 0 : 1;
}
