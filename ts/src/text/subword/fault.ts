/** What is wrong in a tokenizer file. */

import { DataError, describe } from '../../errors.js';

/**
 * The error for a part of a tokenizer that is not as it should be.
 *
 * @param path where it is, such as `model.vocab`
 */
export function fault(path: string, expected: string, given: unknown): DataError {
  return new DataError(`tokenizer ${path}: expected ${expected}, given ${describe(given)}`, { code: 'bad_tokenizer' });
}
