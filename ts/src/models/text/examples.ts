/** Examples from wherever they come. */

import { describe, UsageError } from '../../errors.js';
import { tokenizerFromConfig } from '../../text/ruleTokenizer.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';

/** Examples: an array, or anything that gives one after another, such as a reader. */
export type Examples<T> = Iterable<T> | AsyncIterable<T>;

/** Whether a value gives others, one after another; a string, which gives characters, does not count. */
export function isIterable(value: unknown): value is Examples<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/**
 * All examples.
 *
 * @param what what messages call the data, such as `training data`
 * @throws UsageError (`bad_input`) for what gives none, one after another
 */
export async function collectExamples<T>(examples: Examples<T>, what: string): Promise<T[]> {
  if (!isIterable(examples)) {
    throw new UsageError(`${what}: expected an array or an async iterable of examples, given ${describe(examples)}`, {
      code: 'bad_input',
    });
  }
  const all: T[] = [];
  for await (const example of examples) all.push(example);
  return all;
}

/** The tokenizer that makes of texts what the examples look like, where they are tokens already. */
export function tokenizerFor(examples: readonly unknown[]): TokenizerConfig {
  const characters = tokenizerFromConfig({ type: 'character' });
  const isCharacter = (token: unknown): boolean => typeof token === 'string' && characters.tokenize(token).length === 1;
  const spelled = examples.every((example) => {
    const { tokens } = Object(example) as { tokens?: unknown };
    return Array.isArray(tokens) && tokens.every(isCharacter);
  });
  return { type: examples.length > 0 && spelled ? 'character' : 'default' };
}

/** Code points of an average token. */
export function meanLength(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + [...word].length, 0) / words.length;
}
