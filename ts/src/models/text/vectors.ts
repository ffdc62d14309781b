/** Pretrained word vectors into a model's word table. */

import { openBytes } from '#runtime';
import { DataError, describe, UsageError } from '../../errors.js';
import { readVectors } from '../../data/vectors.js';
import { WordVectors } from '../../data/wordVectors.js';
import type { Vocabulary } from '../../text/vocabulary.js';
import type { Model } from '../../training/model.js';
import { EMBEDDING } from './graph.js';
import type { TextOptions } from './options.js';

/**
 * Reads the vectors of words that occur. A word whose spelling has none takes that of its lower case.
 *
 * @throws DataError (`unreadable`, `bad_vector`), or (`no_vectors`) when no word has one
 */
export async function readWordVectors(
  vectors: NonNullable<TextOptions['vectors']>,
  words: Iterable<string>,
): Promise<WordVectors> {
  if (vectors instanceof WordVectors) return vectors;
  const wanted = new Set<string>();
  for (const word of words) wanted.add(word).add(word.toLowerCase());
  const located = typeof vectors === 'string' || vectors instanceof URL;
  const name = located ? String(vectors) : 'vectors';
  if (typeof vectors === 'string' && vectors.includes('\n')) {
    throw UsageError.option('vectors', vectors, 'a path or URL; for a text, a Blob or its bytes');
  }
  const read = await readVectors(located ? openBytes(vectors) : vectors, { words: wanted, name });
  if (read.words.length === 0) {
    throw new DataError(`expected vectors of some words that occur, such as ${describe([...wanted][0])}, found none`, {
      code: 'no_vectors',
      source: name,
    });
  }
  return read;
}

/** Puts the vectors into the model's word table; the rows of other words stay as they are. */
export async function setWordVectors(model: Model, words: Vocabulary, vectors: WordVectors): Promise<void> {
  const name = `${EMBEDDING}.weight`;
  const table = await model.parameter(name);
  for (const word of words.tokens()) {
    const vector = vectors.get(word) ?? vectors.get(word.toLowerCase());
    if (vector !== undefined) table.set(vector, words.id(word) * vectors.dimension);
  }
  await model.setParameter(name, table);
}
