/** The words of a corpus with how often each occurs. */

import { UsageError, describe } from '../../../errors.js';
import type { TextNormaliser } from '../normaliser.js';
import { NormalisedText } from '../normalisedText.js';
import type { PreTokenizer } from '../preTokenizer.js';
import type { Clock } from './clock.js';

/** Texts, from wherever they come. */
export type Texts = Iterable<string> | AsyncIterable<string>;

/** Counts by word, in order of first appearance. */
export type WordCounts = ReadonlyMap<string, number>;

/**
 * Counts the words of texts.
 *
 * @throws UsageError (`bad_input`) for what gives no texts
 * @throws CancelledError
 */
export async function countWords(texts: Texts, normaliser: TextNormaliser, preTokenizer: PreTokenizer, clock: Clock): Promise<WordCounts> {
  if (typeof texts !== 'object' || texts === null || !(Symbol.iterator in texts || Symbol.asyncIterator in texts)) {
    throw new UsageError(`expected an array or an async iterable of texts, given ${describe(texts)}`, { code: 'bad_input' });
  }
  const counts = new Map<string, number>();
  let done = 0;
  for await (const text of texts) {
    if (typeof text !== 'string') {
      throw new UsageError(`text ${done + 1}: expected a string, given ${describe(text)}`, { code: 'bad_input' });
    }
    for (const word of preTokenizer(normaliser(NormalisedText.of(text)))) {
      if (word.text !== '') counts.set(word.text, (counts.get(word.text) ?? 0) + 1);
    }
    done += 1;
    if (clock.isDue) await clock.rest({ stage: 'counting', done, total: undefined });
  }
  return counts;
}

/**
 * The characters of words, in code point order.
 *
 * @param most only this many, the most frequent; of equally frequent ones the first in the corpus
 */
export function alphabetOf(words: WordCounts, most = Number.POSITIVE_INFINITY): string[] {
  const counts = new Map<string, number>();
  for (const [word, count] of words) for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([character]) => character)
    .sort((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
}
