/** One tag, such as `B-PER`: the part of an entity that a token is, and the entity's type. */

import { DataError, describe } from '../errors.js';

/** What a token is to its entity. */
export type TagRole = 'outside' | 'begin' | 'inside' | 'end' | 'single';

/** A tag taken apart. `type` is empty for `O`. */
export interface ParsedTag {
  role: TagRole;
  type: string;
}

/** The prefixes of all known schemes: M is BMES's inside, L and U are BILOU's end and single. */
const ROLES = new Map<string, TagRole>([
  ['B', 'begin'],
  ['I', 'inside'],
  ['M', 'inside'],
  ['E', 'end'],
  ['L', 'end'],
  ['S', 'single'],
  ['U', 'single'],
]);

/**
 * Takes a tag apart at its first hyphen, so that types may hold hyphens; undefined for what is no
 * tag of any known scheme.
 *
 * @example
 * parseTag('B-creative-work'); // { role: 'begin', type: 'creative-work' }
 * parseTag('PER');             // undefined
 */
export function parseTag(tag: string): ParsedTag | undefined {
  if (tag === 'O') return { role: 'outside', type: '' };
  const role = tag.charAt(1) === '-' && tag.length > 2 ? ROLES.get(tag.charAt(0)) : undefined;
  return role === undefined ? undefined : { role, type: tag.slice(2) };
}

/**
 * As `parseTag`, for a tag that must be one.
 *
 * @throws DataError (`unknown_tag`)
 */
export function requireTag(tag: string): ParsedTag {
  const parsed = parseTag(tag);
  if (parsed === undefined) {
    throw new DataError(`expected a tag such as B-PER, I-PER or O, given ${describe(tag)}`, {
      code: 'unknown_tag',
    });
  }
  return parsed;
}
