/** One JSON object, as it stands on a line of JSON Lines. */

import { DataError, describe } from '../errors.js';
import type { ExampleOrigin } from './example.js';

/** Fields of a record, of any type. */
export type Fields = Record<string, unknown>;

/**
 * Reads a line.
 *
 * @param origin where the line stands, for errors
 * @throws DataError (`bad_json`) for what is no JSON, or no object
 */
export function parseRecord(text: string, origin: ExampleOrigin): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const array = text.trimStart().startsWith('[');
    throw new DataError(
      array ? 'expected one JSON object a line, found the start of an array' : `not JSON: ${reason}`,
      { code: 'bad_json', ...origin, cause },
    );
  }
  if (isFields(value)) return value;
  throw new DataError(`expected one JSON object a line, given ${describe(value)}`, { code: 'bad_json', ...origin });
}

/** Whether a value has fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
