/** Texts with their labels in front, one a line. */

import { DataError, describe } from '../errors.js';
import type { LabelledText } from './labelling.js';
import type { Line } from './lines.js';

/** A label of fastText with what stands before it. */
export const FASTTEXT_LABEL = /(^|\s)__label__(\S+)/g;

/**
 * Lines of a label, white space and a text, as in the files of SST (`1 a stirring film`) and TREC
 * (`ENTY:animal What is a goblin shark ?`).
 *
 * @throws DataError (`bad_row`) for a line of one word
 */
export async function* labelFirst(lines: AsyncIterable<Line>, name?: string): AsyncGenerator<LabelledText> {
  for await (const { text: line, number } of lines) {
    if (line.trim() === '') continue;
    const [, label, text] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(line) ?? [];
    if (label === undefined || text === undefined) {
      const details = { code: 'bad_row', line: number, source: name };
      throw new DataError(`expected a label, a space and a text, found ${describe(line)}`, details);
    }
    yield { text, labels: [label], line: number };
  }
}

/** Lines in the form of fastText: words that start with `__label__` are labels, the others are the text. */
export async function* fastTextLines(lines: AsyncIterable<Line>): AsyncGenerator<LabelledText> {
  for await (const { text: line, number } of lines) {
    if (line.trim() === '') continue;
    const labels: string[] = [];
    const text = line.replace(FASTTEXT_LABEL, (_, before: string, label: string) => {
      labels.push(label);
      return before;
    });
    yield { text: text.trim(), labels, line: number };
  }
}
