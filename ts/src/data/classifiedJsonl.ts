/** JSON Lines of classified texts. */

import { DataError, describe } from '../errors.js';
import { LABEL_NAMES, TEXT_NAMES, type ColumnOptions } from './columns.js';
import { parseRecord, type Fields } from './jsonRecord.js';
import type { LabelledText } from './labelling.js';
import type { Line } from './lines.js';

/**
 * Reads records that have a text and a label, or an array of labels, under known keys or those asked
 * for. A label is a string, a number, true or false. What its annotator turned down in Prodigy
 * (`answer`) is left out, and so are blank lines.
 *
 * @throws DataError (`bad_json`, `bad_record`) with the line and the key
 */
export async function* labelledRecords(
  lines: AsyncIterable<Line>,
  options: ColumnOptions & { name?: string | undefined },
): AsyncGenerator<LabelledText> {
  const { textColumn, labelColumn, name } = options;
  for await (const { text: json, number } of lines) {
    if (json.trim() === '') continue;
    const record = parseRecord(json, { line: number, source: name });
    if (record['answer'] === 'reject' || record['answer'] === 'ignore') continue;
    const fail = (message: string): DataError => new DataError(message, { code: 'bad_record', line: number, source: name });
    const wrong = (key: string, value: unknown, expected: string): DataError =>
      fail(`${key}: expected ${expected}, given ${describe(value)}`);

    const textKey = keyOf(record, textColumn, TEXT_NAMES);
    if (textKey === undefined) throw fail(missing('text', 'textColumn', record));
    const labelKey = keyOf(record, labelColumn, LABEL_NAMES);
    if (labelKey === undefined) throw fail(missing('label', 'labelColumn', record));
    const text = record[textKey];
    if (typeof text !== 'string') throw wrong(textKey, text, 'a string');
    const given = record[labelKey];
    const labels = (Array.isArray(given) ? given : [given]).map((label: unknown, index) => {
      if (typeof label === 'string' || typeof label === 'boolean' || Number.isFinite(label)) return String(label);
      throw wrong(Array.isArray(given) ? `${labelKey}[${index}]` : labelKey, label, 'a label, a string or a number');
    });
    yield { text, labels, line: number };
  }
}

/** The key that is asked for, or the likeliest that is there. */
function keyOf(record: Fields, asked: string | number | undefined, names: readonly string[]): string | undefined {
  if (asked !== undefined) return Object.hasOwn(record, String(asked)) ? String(asked) : undefined;
  return names.find((name) => Object.hasOwn(record, name));
}

function missing(what: string, option: string, record: Fields): string {
  return `expected a key that holds the ${what}; say which it is with ${option}; given ${describe(record)}`;
}
