/** Texts as the sequences that a language model reads. */

import { DataError } from '../../errors.js';
import { TextReader, type Reading } from '../language/reader.js';
import type { CollectedTexts } from '../language/texts.js';

/** What is trained on, and what tells the best epoch. */
export interface DividedTexts {
  readonly train: CollectedTexts;
  readonly dev: CollectedTexts | null;
}

/**
 * Holds out a share of texts, at their end: of several texts the last ones, of a single one its end.
 *
 * @param starts where the tokens of a text begin
 */
export function holdOutEnd(given: CollectedTexts, share: number, starts: (text: string) => ArrayLike<number>): DividedTexts {
  const { texts, documents } = given;
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const kept = Math.floor(length * (1 - share));
  if (share === 0) return { train: given, dev: null };
  const parts = (before: readonly string[], behind: readonly string[]): DividedTexts => ({
    train: { texts: before, documents },
    dev: behind.some((text) => text !== '') ? { texts: behind, documents } : null,
  });
  const [only, ...others] = texts;
  if (only !== undefined && others.length === 0) {
    const places = starts(only);
    let low = 0;
    for (let high = places.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((places[middle] as number) < kept) low = middle + 1;
      else high = middle;
    }
    // A text of one token stays whole.
    const cut = low === 0 ? only.length : (places[low] ?? only.length);
    return parts([only.slice(0, cut)], [only.slice(cut)]);
  }
  let count = 0;
  for (let before = 0; count < texts.length && before + (texts[count] as string).length <= kept; count += 1) before += (texts[count] as string).length;
  const cut = Math.max(1, count);
  return parts(texts.slice(0, cut), texts.slice(cut));
}

/** The ids of each text between boundaries; one that runs on has none behind it. */
export function sequencesOf(reader: TextReader, { texts, documents }: CollectedTexts): { readings: Reading[]; sequences: Int32Array[] } {
  const readings = texts.map((text) => reader.read(text));
  return { readings, sequences: readings.map(({ ids }) => bounded([ids], documents)) };
}

/**
 * All texts as one sequence, with a boundary before the first, and behind each that has an end.
 *
 * @throws DataError (`no_data`) where there is nothing to foresee
 */
export function wholeOf(reader: TextReader, { texts, documents }: CollectedTexts, what: string): Int32Array {
  const whole = bounded(texts.map((text) => reader.read(text).ids), documents);
  if (texts.some((text) => text !== '') && whole.length > 1) return whole;
  throw nothingToRead(what);
}

/** The error for texts that are all empty; `what` is what messages call them. */
export function nothingToRead(what: string): DataError {
  return new DataError(`${what}: expected a text, found nothing to read`, { code: 'no_data' });
}

function bounded(parts: readonly Int32Array[], documents: boolean): Int32Array {
  const between = documents ? 1 : 0;
  const whole = new Int32Array(parts.reduce((length, { length: more }) => length + more + between, 1)).fill(TextReader.BOUNDARY);
  let at = 1;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length + between;
  }
  return whole;
}
