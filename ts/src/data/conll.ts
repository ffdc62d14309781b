/** CoNLL files: a token and its tag a line, an empty line between sentences. */

import { DataError, describe, UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import { parseTag } from '../text/tag.js';
import type { TaggedTokens } from './example.js';
import { readLines, type Line } from './lines.js';
import { SOURCE_NAMES, type SourceOptions, type TextSource } from './source.js';

/** Options of `readConll`. */
export interface ConllOptions extends SourceOptions {
  /** Column of the token, from 0; negative counts from the last, which is -1. Default 0. */
  tokenColumn?: number;
  /** Column of the tag, likewise. Default -1. */
  tagColumn?: number;
}

/**
 * Reads sentences from a CoNLL file, one at a time. Columns are separated by tabs, or, on a line
 * without any, by spaces; every line has as many. Tags may be in any scheme: `detectScheme` finds
 * which. `-DOCSTART-` lines are left out, and so are lines between sentences that start with `# `
 * and have no tag column. Only spaces and tabs are white space: an ideographic space is a token.
 *
 * @throws DataError (`bad_row`) with the line: no tag column, an empty token, or another number of
 *   columns than before
 * @throws UsageError (`bad_option`)
 *
 * @example
 * for await (const { tokens, tags } of readConll('Ana B-PER\nsings O\n')) {
 *   console.log(tokens, tags); // ['Ana', 'sings'] ['B-PER', 'O']
 * }
 */
export async function* readConll(
  source: TextSource,
  options: ConllOptions = {},
): AsyncGenerator<TaggedTokens> {
  checkOptionNames(options, { ...SOURCE_NAMES, tokenColumn: true, tagColumn: true });
  yield* conllSentences(readLines(source, options), options);
}

/** As `readConll`, from lines. */
export async function* conllSentences(
  lines: AsyncIterable<Line>,
  options: ConllOptions = {},
): AsyncGenerator<TaggedTokens> {
  const { name, tokenColumn = 0, tagColumn = -1 } = options;
  for (const [option, column] of Object.entries({ tokenColumn, tagColumn })) {
    if (!Number.isInteger(column)) throw UsageError.option(option, column, 'a whole number');
  }
  let sentence: TaggedTokens | undefined;
  let shape: Shape | undefined;
  for await (const { text, number: line } of lines) {
    const columns = splitColumns(text);
    const [first] = columns;
    if (columns.length === 0 || first === '-DOCSTART-') {
      if (sentence !== undefined) yield sentence;
      sentence = undefined;
      continue;
    }
    if (sentence === undefined && isComment(text, columns, shape)) continue;
    if (columns.length < 2) {
      throw badRow(`expected a token and a tag, found one column, ${describe(text)}`, line, name);
    }
    shape ??= { columns: columns.length, tabs: text.includes('\t'), line };
    if (columns.length !== shape.columns) {
      throw badRow(
        `expected ${shape.columns} columns, as on line ${shape.line}, found ${columns.length}: ` +
          describe(text),
        line,
        name,
      );
    }
    const token = columns.at(tokenColumn);
    const tag = columns.at(tagColumn);
    if (token === undefined || tag === undefined) {
      const missing = token === undefined ? tokenColumn : tagColumn;
      throw badRow(`there is no column ${missing} among ${columns.length}`, line, name);
    }
    if (token === '' || tag === '') {
      throw badRow(`the ${token === '' ? 'token' : 'tag'} is empty`, line, name);
    }
    if (sentence === undefined) {
      sentence = { tokens: [], tags: [], line, ...(name === undefined ? {} : { source: name }) };
    }
    sentence.tokens.push(token);
    sentence.tags.push(tag);
  }
  if (sentence !== undefined) yield sentence;
}

/** What the first row looks like. */
interface Shape {
  columns: number;
  /** Whether tabs separate the columns. */
  tabs: boolean;
  line: number;
}

/** Columns of a line; none for a blank one. */
function splitColumns(text: string): string[] {
  const row = text.replace(/[ \t]+$/, '');
  if (row === '') return [];
  return row.includes('\t') ? row.split('\t') : row.split(/ +/);
}

/** Whether a line between sentences is a comment rather than the token `#` with its columns. */
function isComment(text: string, columns: readonly string[], shape: Shape | undefined): boolean {
  if (text !== '#' && !text.startsWith('# ')) return false;
  if (text.includes('\t')) return false;
  if (shape !== undefined && (shape.tabs || columns.length !== shape.columns)) return true;
  // CoNLL-U's form; before the first row nothing else tells `# text = O` from a row.
  if (/^# \S+ = /.test(text)) return true;
  return columns.length < 2 || parseTag(columns.at(-1) as string) === undefined;
}

function badRow(message: string, line: number, source: string | undefined): DataError {
  return new DataError(message, { code: 'bad_row', line, source });
}
