/** Entities of training texts, given as character spans, to token spans. */

import { DataError, describe } from '../errors.js';
import type { TaggedText } from '../data/example.js';
import type { EntityAnnotation, EntitySpan, TokenSpan } from './entity.js';
import { TextOffsets, type OffsetUnit } from './offsets.js';
import type { Token, Tokenizer } from './tokenizer.js';

/** A text whose entities are runs of its tokens. */
export interface AlignedText {
  text: string;
  tokens: Token[];
  /** Entities over `tokens`, in order, without overlap. */
  spans: TokenSpan[];
  line?: number | undefined;
  source?: string | undefined;
}

/** Options of `alignTexts`. */
export interface AlignOptions {
  /** What the offsets of entities count. Default `utf16`. */
  offsetUnit?: OffsetUnit;
}

/**
 * Tokenises texts and turns their entities into token spans. White space at the edges of an entity
 * is left out of it.
 *
 * All texts are looked at before anything is thrown, and the error lists every fault with its line
 * (for texts that came from no file: the number of the text).
 *
 * @throws DataError with one message for each faulty entity in `problems`. Its code is `cut_span`
 *   (an entity that cuts a token; the message has the nearest that does not), `overlapping_spans`,
 *   `empty_span`, `bad_span` (offsets out of range, or whose text is not the one given),
 *   `ambiguous_mention` (an entity without offsets whose text occurs not exactly once), or
 *   `bad_spans` for several of these.
 *
 * @example
 * const tokenizer = tokenizerFromConfig({ type: 'default' });
 * const [aligned] = alignTexts(
 *   [{ text: 'lunch with Ana', entities: [{ text: 'Ana', type: 'PERSON' }] }],
 *   tokenizer,
 * );
 * aligned.spans; // [{ type: 'PERSON', start: 2, end: 3 }]
 */
export function alignTexts(
  texts: Iterable<TaggedText>,
  tokenizer: Tokenizer,
  options: AlignOptions = {},
): AlignedText[] {
  const aligned: AlignedText[] = [];
  const faults: Fault[] = [];
  for (const example of texts) {
    const { text, line, source } = example;
    const number = aligned.length + 1;
    const tokens = tokenizer.tokenize(text);
    const found: Fault[] = [];
    const spans = alignEntities(example, tokens, options.offsetUnit ?? 'utf16', found);
    for (const fault of found) {
      faults.push({ ...fault, number, line, source });
    }
    aligned.push({ text, tokens, spans, line, source });
  }
  if (faults.length > 0) throw combined(faults);
  return aligned;
}

/** One entity that cannot be used. */
interface Fault {
  code: string;
  message: string;
  /** Which of the texts it is in, counted from 1. */
  number?: number;
  line?: number | undefined;
  source?: string | undefined;
}

interface LocatedSpan extends EntitySpan {
  /** How a message names it. */
  name: string;
}

function alignEntities(
  example: TaggedText,
  tokens: Token[],
  unit: OffsetUnit,
  faults: Fault[],
): TokenSpan[] {
  const { text } = example;
  const located = locate(text, example.entities, unit, faults);
  located.sort((a, b) => a.start - b.start || a.end - b.end);
  const spans: TokenSpan[] = [];
  let previous: LocatedSpan | undefined;
  for (const span of located) {
    if (previous !== undefined && span.start < previous.end) {
      faults.push({
        code: 'overlapping_spans',
        message: `${previous.name} and ${span.name} overlap`,
      });
      if (span.end > previous.end) previous = span;
      continue;
    }
    previous = span;
    const first = firstTokenEndingAfter(tokens, span.start);
    const behind = firstTokenStartingFrom(tokens, span.end);
    if (first >= behind) {
      faults.push({ code: 'empty_span', message: `${span.name} holds nothing but white space` });
    } else if (
      (tokens[first] as Token).start < span.start ||
      (tokens[behind - 1] as Token).end > span.end
    ) {
      faults.push(cutSpan(text, tokens, span, first, behind));
    } else {
      spans.push({ type: span.type, start: first, end: behind });
    }
  }
  return spans;
}

/** Entities with sound UTF-16 offsets; the others go to `faults`. */
function locate(
  text: string,
  entities: readonly EntityAnnotation[],
  unit: OffsetUnit,
  faults: Fault[],
): LocatedSpan[] {
  const offsets = new TextOffsets(text);
  const length = unit === 'codePoint' ? offsets.codePointLength : offsets.utf16Length;
  const located: LocatedSpan[] = [];
  for (const entity of entities) {
    const { type } = entity;
    if (entity.start === undefined) {
      const at = occurrences(text, entity.text);
      const [start] = at;
      if (start !== undefined && at.length === 1) {
        const end = start + entity.text.length;
        located.push({ type, start, end, name: nameOf(type, text, start, end) });
      } else {
        faults.push({ code: 'ambiguous_mention', message: mentionFault(entity.text, type, at) });
      }
      continue;
    }
    const { start, end } = entity;
    if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && end <= length && start <= end)) {
      faults.push({
        code: 'bad_span',
        message: `${type} at ${start}–${end}: expected offsets in order from 0 to ${length}`,
      });
      continue;
    }
    const span = { type, start: offsets.from(unit, start), end: offsets.from(unit, end) };
    const name = nameOf(type, text, span.start, span.end);
    const covered = text.slice(span.start, span.end);
    if (start === end) {
      faults.push({ code: 'empty_span', message: `${name} is empty` });
    } else if (entity.text !== undefined && entity.text !== covered) {
      faults.push({
        code: 'bad_span',
        message: `${name} does not cover the text given with it, ${describe(entity.text)}` +
          unitHint(offsets, unit, text, entity),
      });
    } else {
      located.push({ ...span, name });
    }
  }
  return located;
}

/** Advice where an entity's text fits its offsets in the other unit. */
function unitHint(offsets: TextOffsets, unit: OffsetUnit, text: string, span: EntitySpan): string {
  if (unit === 'codePoint' || span.end > offsets.codePointLength) return '';
  const covered = text.slice(offsets.toUtf16(span.start), offsets.toUtf16(span.end));
  return covered === span.text
    ? "; the offsets count code points: pass offsetUnit: 'codePoint'"
    : '';
}

/** Every offset at which a string occurs, overlapping ones too; none for an empty string. */
function occurrences(text: string, part: string): number[] {
  const at: number[] = [];
  if (part === '') return at;
  for (let from = text.indexOf(part); from >= 0; from = text.indexOf(part, from + 1)) at.push(from);
  return at;
}

function mentionFault(part: string, type: string, at: readonly number[]): string {
  const name = `${type} ${describe(part)}`;
  if (at.length === 0) return `${name} does not occur in the text`;
  return `${name} occurs ${at.length} times, at ${at.join(', ')}: give start and end`;
}

function cutSpan(
  text: string,
  tokens: readonly Token[],
  span: EntitySpan & { name: string },
  first: number,
  behind: number,
): Fault {
  const head = tokens[first] as Token;
  const tail = tokens[behind - 1] as Token;
  const next = tokens[first + 1];
  const before = tokens[behind - 2];
  // Each end moves to the nearer edge; outwards when both are equally far.
  let { start } = head;
  if (next !== undefined && next.start - span.start < span.start - start) start = next.start;
  let { end } = tail;
  if (before !== undefined && span.end - before.end < end - span.end) end = before.end;
  if (start >= end) {
    start = head.start;
    end = tail.end;
  }
  return {
    code: 'cut_span',
    message:
      `${span.name} cuts a token; the nearest that does not is ` +
      `${start}–${end} ${describe(text.slice(start, end))}`,
  };
}

function nameOf(type: string, text: string, start: number, end: number): string {
  return `${type} at ${start}–${end} ${describe(text.slice(start, end))}`;
}

/** Index of the first token whose end lies behind an offset. */
function firstTokenEndingAfter(tokens: readonly Token[], offset: number): number {
  return lowerBound(tokens, (token) => token.end > offset);
}

/** Index of the first token that starts at or behind an offset. */
function firstTokenStartingFrom(tokens: readonly Token[], offset: number): number {
  return lowerBound(tokens, (token) => token.start >= offset);
}

/** Index of the first token for which a predicate holds that, once true, stays true. */
function lowerBound(tokens: readonly Token[], holds: (token: Token) => boolean): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(tokens[middle] as Token)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function combined(faults: readonly Fault[]): DataError {
  const [first] = faults as [Fault, ...Fault[]];
  const oneSource = faults.every((fault) => fault.source === first.source);
  const problems = faults.map(({ message, number, line, source }) => {
    const place = line === undefined ? `text ${number}` : `line ${line}`;
    return `${oneSource || source === undefined ? '' : `${source}: `}${place}: ${message}`;
  });
  const oneCode = faults.every((fault) => fault.code === first.code);
  return new DataError(
    faults.length === 1
      ? `this entity cannot be used: ${first.line === undefined ? problems[0] : first.message}`
      : `these ${faults.length} entities cannot be used:\n  ${problems.join('\n  ')}`,
    {
      code: oneCode ? first.code : 'bad_spans',
      line: faults.length === 1 ? first.line : undefined,
      source: oneSource ? first.source : undefined,
      problems,
    },
  );
}
