/** Looking for a part of a tokenizer. */

/**
 * Whether a part of a tokenizer, as JSON, is of a type or, as a sequence, holds one that is.
 *
 * @example
 * hasPart({ type: 'Sequence', pretokenizers: [{ type: 'Digits' }, { type: 'ByteLevel' }] }, 'ByteLevel'); // true
 */
export function hasPart(part: unknown, type: string): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if ('type' in part && part.type === type) return true;
  return Object.values(part).some((inner) => Array.isArray(inner) && inner.some((each) => hasPart(each, type)));
}
