/** What language models learn from and read. */

import { describe, UsageError } from '../../errors.js';
import type { Texts } from '../../text/subword/training/words.js';
import { isIterable } from '../text/examples.js';

/**
 * One running text, such as a book, or texts that each have a beginning and an end, such as messages:
 * an array, or anything that gives one after another.
 */
export type LanguageTexts = string | Texts;

/** Texts in memory. */
export interface CollectedTexts {
  readonly texts: readonly string[];
  /** Whether each has a beginning and an end; else they are parts out of the middle of something. */
  readonly documents: boolean;
}

/**
 * All texts.
 *
 * @param what what messages call them, such as `training data`
 * @throws UsageError (`bad_input`) for what gives no texts
 */
export async function collectTexts(given: LanguageTexts, what: string): Promise<CollectedTexts> {
  if (typeof given === 'string') return { texts: [given], documents: false };
  if (!isIterable(given)) {
    throw new UsageError(`${what}: expected a text, or an array or an async iterable of texts, given ${describe(given)}`, { code: 'bad_input' });
  }
  const texts: string[] = [];
  for await (const text of given) {
    if (typeof text !== 'string') {
      throw new UsageError(`${what}: text ${texts.length + 1}: expected a string, given ${describe(text)}`, { code: 'bad_input' });
    }
    texts.push(text);
  }
  return { texts, documents: true };
}
