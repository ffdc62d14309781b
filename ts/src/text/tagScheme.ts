/** Tag schemes: how entity spans are written as one tag a token. */

import { DataError, UsageError } from '../errors.js';
import type { TokenSpan } from './entity.js';
import { requireTag, type ParsedTag, type TagRole } from './tag.js';

/**
 * How the tokens of an entity are marked; other tokens are `O`.
 *
 * - `BIO` (IOB2): B for the first token, I for the others.
 * - `IOB1`: I for all, B only for the first token of an entity right behind another of its type.
 * - `BIOES`: B first, I between, E last, S for an entity of one token.
 * - `BMES`: as BIOES with M for I.
 * - `BILOU`: as BIOES with L for E and U for S.
 */
export type TagScheme = 'BIO' | 'IOB1' | 'BIOES' | 'BMES' | 'BILOU';

/** All known schemes. */
export const TAG_SCHEMES: readonly TagScheme[] = ['BIO', 'IOB1', 'BIOES', 'BMES', 'BILOU'];

/** The prefix of each role in each scheme. */
const PREFIXES: Record<TagScheme, Record<Exclude<TagRole, 'outside'>, string>> = {
  BIO: { begin: 'B', inside: 'I', end: 'I', single: 'B' },
  IOB1: { begin: 'B', inside: 'I', end: 'I', single: 'B' },
  BIOES: { begin: 'B', inside: 'I', end: 'E', single: 'S' },
  BMES: { begin: 'B', inside: 'M', end: 'E', single: 'S' },
  BILOU: { begin: 'B', inside: 'I', end: 'L', single: 'U' },
};

function prefixesOf(scheme: TagScheme): (typeof PREFIXES)[TagScheme] {
  if (TAG_SCHEMES.includes(scheme)) return PREFIXES[scheme];
  throw UsageError.option('scheme', scheme, 'BIO, IOB1, BIOES, BMES or BILOU');
}

/**
 * The entity spans of a tag sequence, in order. Malformed sequences are repaired as the CoNLL
 * shared tasks' script `conlleval` does: B and S always open an entity, and so does any other tag
 * but `O` where no entity of its type is open; `O`, E, S and another type close it. That needs no
 * scheme, as sound sequences of every scheme come out right.
 *
 * @throws DataError (`unknown_tag`) for what is no tag at all
 *
 * @example
 * decodeTags(['B-PER', 'I-PER', 'O', 'I-LOC']);
 * // [{ type: 'PER', start: 0, end: 2 }, { type: 'LOC', start: 3, end: 4 }]
 */
export function decodeTags(tags: readonly string[]): TokenSpan[] {
  const spans: TokenSpan[] = [];
  /** Whether the last span goes up to here and is still open. */
  let open = false;
  for (const [index, tag] of tags.entries()) {
    const { role, type } = requireTag(tag);
    const last = spans.at(-1);
    if (role === 'outside') {
      open = false;
    } else if (open && last?.type === type && (role === 'inside' || role === 'end')) {
      last.end = index + 1;
      open = role === 'inside';
    } else {
      spans.push({ type, start: index, end: index + 1 });
      open = role === 'begin' || role === 'inside';
    }
  }
  return spans;
}

/**
 * The entity spans whose tags follow the scheme to the letter, in order; malformed tags are as
 * good as `O`. Equal to seqeval's strict mode in BIO, BIOES, BMES and BILOU.
 *
 * @throws DataError (`unknown_tag`) for a tag that the scheme does not have
 * @throws UsageError (`bad_option`) for an unknown scheme
 *
 * @example
 * decodeTagsStrictly(['I-PER', 'O', 'B-LOC'], 'BIO'); // [{ type: 'LOC', start: 2, end: 3 }]
 */
export function decodeTagsStrictly(tags: readonly string[], scheme: TagScheme): TokenSpan[] {
  const parsed = tags.map((tag) => schemeTag(tag, scheme));
  const spans: TokenSpan[] = [];
  let at = 0;
  while (at < parsed.length) {
    const first = parsed[at] as ParsedTag;
    if (!opensEntity(parsed[at - 1] ?? OUTSIDE, first, scheme)) {
      at += 1;
      continue;
    }
    const start = at;
    at += 1;
    while (at < parsed.length && continuesEntity(parsed[at - 1] as ParsedTag, parsed[at] as ParsedTag)) {
      at += 1;
    }
    if (mayEnd((parsed[at - 1] as ParsedTag).role, scheme)) {
      spans.push({ type: first.type, start, end: at });
    }
  }
  return spans;
}

/**
 * The tags of non-overlapping spans over `length` tokens. Inverse of `decodeTags` in every scheme.
 *
 * @param spans in any order
 * @throws DataError (`bad_span`, `overlapping_spans`)
 * @throws UsageError (`bad_option`) for an unknown scheme
 *
 * @example
 * encodeTags([{ type: 'PER', start: 0, end: 2 }], 3, 'BIOES'); // ['B-PER', 'E-PER', 'O']
 */
export function encodeTags(
  spans: readonly TokenSpan[],
  length: number,
  scheme: TagScheme,
): string[] {
  const tags = new Array<string>(length).fill('O');
  const prefix = prefixesOf(scheme);
  let previous: TokenSpan | undefined;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const { type, start, end } = span;
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= length)) {
      throw new DataError(
        `span of ${type}: expected 0 <= start < end <= ${length}, given ${start} to ${end}`,
        { code: 'bad_span' },
      );
    }
    if (previous !== undefined && start < previous.end) {
      throw new DataError(
        `spans overlap: ${previous.type} at ${previous.start} to ${previous.end} and ` +
          `${type} at ${start} to ${end}`,
        { code: 'overlapping_spans' },
      );
    }
    const touches = previous?.type === type && previous.end === start;
    if (scheme === 'IOB1' && !touches) tags[start] = `I-${type}`;
    else tags[start] = `${end - start === 1 ? prefix.single : prefix.begin}-${type}`;
    for (let index = start + 1; index < end; index += 1) {
      tags[index] = `${index === end - 1 ? prefix.end : prefix.inside}-${type}`;
    }
    previous = span;
  }
  return tags;
}

/**
 * Rewrites a tag sequence of any scheme, repaired as `conlleval` does, in the given scheme.
 *
 * @throws DataError (`unknown_tag`)
 * @throws UsageError (`bad_option`) for an unknown scheme
 *
 * @example
 * convertTags(['B-PER', 'I-PER', 'O'], 'BMES'); // ['B-PER', 'E-PER', 'O']
 */
export function convertTags(tags: readonly string[], scheme: TagScheme): string[] {
  return encodeTags(decodeTags(tags), tags.length, scheme);
}

/**
 * Every tag that a scheme has for the given types: `O` first, then type by type.
 *
 * @throws UsageError (`bad_option`) for an unknown scheme
 *
 * @example
 * tagsOf(['PER', 'LOC'], 'BIO'); // ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC']
 */
export function tagsOf(types: readonly string[], scheme: TagScheme): string[] {
  const { begin, inside, end, single } = prefixesOf(scheme);
  const prefixes = [...new Set([begin, inside, end, single])];
  return ['O', ...types.flatMap((type) => prefixes.map((prefix) => `${prefix}-${type}`))];
}

const OUTSIDE: ParsedTag = { role: 'outside', type: '' };

/** A tag taken apart, which must be one of the scheme's. */
function schemeTag(tag: string, scheme: TagScheme): ParsedTag {
  const parsed = requireTag(tag);
  if (parsed.role !== 'outside' && prefixesOf(scheme)[parsed.role] !== tag.charAt(0)) {
    throw new DataError(`tag ${tag} does not belong to the scheme ${scheme}`, {
      code: 'unknown_tag',
    });
  }
  return parsed;
}

/** Whether a tag starts an entity where the tag before it is `previous`. */
function opensEntity(previous: ParsedTag, tag: ParsedTag, scheme: TagScheme): boolean {
  if (scheme === 'IOB1') {
    const sameType = previous.role !== 'outside' && previous.type === tag.type;
    if (tag.role === 'begin') return sameType;
    return tag.role === 'inside' && !(sameType && previous.role === 'inside');
  }
  return tag.role === 'begin' || tag.role === 'single';
}

/** Whether a tag goes on with the entity of the tag before it. */
function continuesEntity(previous: ParsedTag, tag: ParsedTag): boolean {
  return (
    (previous.role === 'begin' || previous.role === 'inside') &&
    (tag.role === 'inside' || tag.role === 'end') &&
    previous.type === tag.type
  );
}

/** Whether an entity may end with a tag of this role. */
function mayEnd(role: TagRole, scheme: TagScheme): boolean {
  if (scheme === 'BIO' || scheme === 'IOB1') return true;
  return role === 'end' || role === 'single';
}
