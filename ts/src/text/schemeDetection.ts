/** Which tag scheme a set of tagged sentences is written in. */

import { DataError, describe } from '../errors.js';
import { parseTag } from './tag.js';
import { TAG_SCHEMES, type TagScheme } from './tagScheme.js';

/** Tags of one sentence; `line` is that of the first tag where the sentence came from a file. */
export interface TagSequence {
  readonly tags: readonly string[];
  readonly line?: number | undefined;
  readonly source?: string | undefined;
}

/**
 * The scheme of tagged sentences, found from all of them together.
 *
 * Prefixes decide, except that B and I belong to BIO and IOB1 alike: that is IOB1 when every B
 * stands right behind a token of its type and not every entity starts with B. Sentences without
 * any entity are BIO.
 *
 * @throws DataError (`unknown_scheme`) that lists the offending tags with their lines, when there
 *   are tags of no known scheme or of several schemes at once
 *
 * @example
 * detectScheme([{ tags: ['B-PER', 'E-PER', 'O', 'S-LOC'] }]); // 'BIOES'
 */
export function detectScheme(sentences: Iterable<TagSequence>): TagScheme {
  const unknown = new Map<string, Occurrences>();
  const prefixes = new Map<string, Occurrences>();
  let source: string | undefined;
  let misplacedBegin = false;
  let openedByInside = false;
  for (const sentence of sentences) {
    source ??= sentence.source;
    let previousType = '';
    for (const [index, tag] of sentence.tags.entries()) {
      const parsed = parseTag(tag);
      if (parsed === undefined || parsed.role !== 'outside') {
        const line = sentence.line === undefined ? undefined : sentence.line + index;
        if (parsed === undefined) note(unknown, tag, tag, line);
        else note(prefixes, tag.charAt(0), tag, line);
      }
      const type = parsed?.type ?? '';
      if (type !== '' && type !== previousType) {
        if (parsed?.role === 'begin') misplacedBegin = true;
        else openedByInside = true;
      }
      previousType = type;
    }
  }
  if (unknown.size > 0) throw unknownTags(unknown, source);

  const has = (...letters: string[]): boolean => letters.some((letter) => prefixes.has(letter));
  const bilou = has('L', 'U');
  const bmes = has('M');
  const bioes = has('E', 'S') && !bmes;
  const mixed =
    (bilou && has('E', 'S', 'M')) || (bmes && has('I')) || (has('E', 'L', 'M') && !has('B'));
  if (mixed) throw mixedSchemes(prefixes, source);
  if (bilou) return 'BILOU';
  if (bmes) return 'BMES';
  if (bioes) return 'BIOES';
  return openedByInside && !misplacedBegin ? 'IOB1' : 'BIO';
}

/** How often something was seen, an example of it, and the first lines that hold it. */
interface Occurrences {
  tag: string;
  count: number;
  lines: number[];
}

const MOST_LINES = 5;
const MOST_TAGS = 20;

function note(
  map: Map<string, Occurrences>,
  key: string,
  tag: string,
  line: number | undefined,
): void {
  let seen = map.get(key);
  if (seen === undefined) {
    seen = { tag, count: 0, lines: [] };
    map.set(key, seen);
  }
  seen.count += 1;
  if (line !== undefined && seen.lines.length < MOST_LINES) seen.lines.push(line);
}

function unknownTags(unknown: Map<string, Occurrences>, source: string | undefined): DataError {
  const all = [...unknown.values()];
  const listed = all.slice(0, MOST_TAGS).map((seen) => `${describe(seen.tag)} ${where(seen)}`);
  if (all.length > MOST_TAGS) listed.push(`and ${all.length - MOST_TAGS} other tags`);
  return new DataError(
    `unknown tag scheme: expected O or a prefix, a hyphen and a type, as in B-PER ` +
      `(known schemes: ${TAG_SCHEMES.join(', ')}), given ${listed.join('; ')}`,
    { code: 'unknown_scheme', source, line: all[0]?.lines[0], problems: listed },
  );
}

function mixedSchemes(prefixes: Map<string, Occurrences>, source: string | undefined): DataError {
  // The rarest prefix is the likeliest mistake.
  const listed = [...prefixes]
    .sort(([, a], [, b]) => a.count - b.count)
    .map(([prefix, seen]) => `${prefix} as in ${seen.tag} ${where(seen)}`);
  return new DataError(
    `unknown tag scheme: no known scheme (${TAG_SCHEMES.join(', ')}) has just the prefixes ` +
      `${[...prefixes.keys()].sort().join(', ')}: ${listed.join('; ')}`,
    { code: 'unknown_scheme', source, problems: listed },
  );
}

function where({ count, lines }: Occurrences): string {
  const times = count === 1 ? 'once' : `${count} times`;
  if (lines.length === 0) return `(${times})`;
  const shown = `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`;
  return count > lines.length ? `(${times}, first on ${shown})` : `(${shown})`;
}
