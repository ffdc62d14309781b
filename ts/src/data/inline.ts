/** Inline annotation: `lunch with [Ana](PERSON)`, one text a line. */

import { DataError, UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import type { EntitySpan } from '../text/entity.js';
import type { TaggedText } from './example.js';
import { readLines, type Line } from './lines.js';
import { SOURCE_NAMES, type SourceOptions, type TextSource } from './source.js';

/** Options of `readInline`. */
export type InlineOptions = SourceOptions;

/**
 * Reads texts with inline annotation, one a line; blank lines are left out.
 *
 * @throws DataError (`bad_markup`) with the line and column
 * @throws UsageError (`bad_option`)
 *
 * @example
 * for await (const { text, entities } of readInline('lunch with [Ana](PERSON)')) {
 *   console.log(text, entities); // lunch with Ana [{ type: 'PERSON', start: 11, end: 14 }]
 * }
 */
export async function* readInline(
  source: TextSource,
  options: InlineOptions = {},
): AsyncGenerator<TaggedText> {
  checkOptionNames(options, SOURCE_NAMES);
  yield* inlineTexts(readLines(source, options), options);
}

/** As `readInline`, from lines. */
export async function* inlineTexts(
  lines: AsyncIterable<Line>,
  options: InlineOptions = {},
): AsyncGenerator<TaggedText> {
  for await (const { text, number } of lines) {
    if (text.trim() !== '') yield parseInline(text, { line: number, source: options.name });
  }
}

/**
 * Reads one annotated text. An entity is its text in brackets, right behind it its type in
 * parentheses. Elsewhere parentheses and `]` stand for themselves, while a `[` that opens no
 * entity is an error, as it is more often a slip than meant. `\[ \] \( \) \\` stand for the
 * character behind the backslash, any other backslash for itself.
 *
 * @param origin where the text stands, for errors and for the result
 * @throws DataError (`bad_markup`) with the column
 * @throws UsageError (`bad_option`)
 *
 * @example
 * parseInline('see \\[1\\] by [Ana](PERSON)');
 * // { text: 'see [1] by Ana', entities: [{ type: 'PERSON', start: 11, end: 14 }] }
 */
export function parseInline(
  markup: string,
  origin: { line?: number | undefined; source?: string | undefined } = {},
): TaggedText {
  checkOptionNames(origin, { line: true, source: true });
  const fail = (column: number, message: string): DataError =>
    new DataError(`column ${column + 1}: ${message}`, { code: 'bad_markup', ...origin });
  const entities: EntitySpan[] = [];
  let text = '';
  let at = 0;
  while (at < markup.length) {
    if (markup[at] !== '[') {
      const length = escapeLength(markup, at);
      text += markup[at + length - 1];
      at += length;
      continue;
    }
    const open = at;
    const covered = readUntil(markup, open + 1, ']');
    if (covered === undefined || markup[covered.end + 1] !== '(') {
      throw fail(open, 'this [ starts no [text](TYPE); write \\[ for the character itself');
    }
    if (covered.nested !== undefined) {
      throw fail(covered.nested, 'a [ inside an entity; entities cannot be nested');
    }
    const type = readUntil(markup, covered.end + 2, ')');
    if (type === undefined) throw fail(covered.end + 1, 'this ( has no ) behind it');
    if (covered.text === '') throw fail(open, 'this entity has no text');
    if (type.text.trim() === '') throw fail(covered.end + 1, 'this entity has no type');
    const start = text.length;
    text += covered.text;
    entities.push({ type: type.text.trim(), start, end: text.length });
    at = type.end + 1;
  }
  const { line, source } = origin;
  return {
    text,
    entities,
    ...(line === undefined ? {} : { line }),
    ...(source === undefined ? {} : { source }),
  };
}

/**
 * Writes a text with its entities in inline annotation. Inverse of `parseInline` for texts of one
 * line.
 *
 * @param entities spans in UTF-16 offsets, in any order, without overlap
 * @throws UsageError (`bad_span`) for offsets out of range or overlaps
 *
 * @example
 * formatInline('lunch with Ana', [{ type: 'PERSON', start: 11, end: 14 }]);
 * // 'lunch with [Ana](PERSON)'
 */
export function formatInline(text: string, entities: readonly EntitySpan[]): string {
  let markup = '';
  let at = 0;
  for (const { type, start, end } of [...entities].sort((a, b) => a.start - b.start)) {
    if (!(at <= start && start < end && end <= text.length)) {
      throw new UsageError(
        `entity of ${type}: expected ${at} <= start < end <= ${text.length}, given ${start} to ${end}`,
        { code: 'bad_span' },
      );
    }
    markup += `${escape(text.slice(at, start))}[${escape(text.slice(start, end))}](${escape(type)})`;
    at = end;
  }
  return markup + escape(text.slice(at));
}

/** How many code units the character at an offset takes with its backslash, if it has one. */
function escapeLength(markup: string, at: number): number {
  return markup[at] === '\\' && /[[\]()\\]/.test(markup.charAt(at + 1)) ? 2 : 1;
}

/** What stands from an offset up to an unescaped `closer`, and where that is. */
function readUntil(
  markup: string,
  start: number,
  closer: string,
): { text: string; end: number; nested: number | undefined } | undefined {
  let text = '';
  let nested: number | undefined;
  for (let at = start; at < markup.length; ) {
    if (markup[at] === closer) return { text, end: at, nested };
    if (markup[at] === '[') nested ??= at;
    const length = escapeLength(markup, at);
    text += markup[at + length - 1];
    at += length;
  }
  return undefined;
}

function escape(text: string): string {
  return text.replace(/[[\]()\\]/g, '\\$&');
}
