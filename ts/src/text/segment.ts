/** Documents of any length to segments that a model can take, without losing a token. */

import { UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import { characterClass, LETTER } from './characterClass.js';
import type { TokenSpan } from './entity.js';
import type { Token } from './tokenizer.js';

/** A run of tokens of a document, at most a sentence. */
export interface Segment {
  /** Offset in the document, in UTF-16 code units, of its first token. */
  start: number;
  /** One past the end of its last token. */
  end: number;
  /** Index of its first token in the document's tokens. */
  tokenStart: number;
  /** One past the index of its last token. */
  tokenEnd: number;
}

/** Options of `segmentTokens`. */
export interface SegmentOptions {
  /** Most tokens in a segment. Default 256. */
  maxTokens?: number;
  /** Token spans that must not be cut, such as the entities of a training text. */
  spans?: readonly TokenSpan[];
}

/**
 * Cuts a tokenised document into sentences, and those above `maxTokens` further: behind a comma or
 * the like where there is one in the second half of the room, else at white space, else anywhere
 * between tokens. Every token is in exactly one segment. A segment exceeds `maxTokens` only where
 * an entry of `spans` does.
 *
 * A sentence ends at a newline, behind `。！？` and their kin, and behind `. ! ?` before white
 * space, unless the next word starts in lower case or the word before a full stop is a single
 * letter or a title such as `Dr`. Closing quotes and brackets stay with their sentence.
 *
 * @param tokens the tokens of `text`, as a tokenizer gives them
 * @throws UsageError (`bad_option`)
 *
 * @example
 * const text = 'Meet Dr. Wu. 明天见。';
 * segmentTokens(text, tokenizer.tokenize(text)).map(({ start, end }) => text.slice(start, end));
 * // ['Meet Dr. Wu.', '明天见。']
 */
export function segmentTokens(
  text: string,
  tokens: readonly Token[],
  options: SegmentOptions = {},
): Segment[] {
  checkOptionNames(options, { maxTokens: true, spans: true });
  const { maxTokens = 256, spans = [] } = options;
  if (!(Number.isInteger(maxTokens) && maxTokens >= 1)) {
    throw UsageError.option('maxTokens', maxTokens, 'an integer of at least 1');
  }
  const uncuttable = new Uint8Array(tokens.length + 1);
  for (const { start, end } of spans) uncuttable.fill(1, start + 1, end);

  const segments: Segment[] = [];
  const push = (tokenStart: number, tokenEnd: number): void => {
    segments.push({
      start: (tokens[tokenStart] as Token).start,
      end: (tokens[tokenEnd - 1] as Token).end,
      tokenStart,
      tokenEnd,
    });
  };
  let start = 0;
  for (const sentenceEnd of sentenceEnds(text, tokens)) {
    if (uncuttable[sentenceEnd] === 1) continue;
    while (sentenceEnd - start > maxTokens) {
      const cut = cutWithin(text, tokens, start, sentenceEnd, maxTokens, uncuttable);
      push(start, cut);
      start = cut;
    }
    if (sentenceEnd > start) push(start, sentenceEnd);
    start = sentenceEnd;
  }
  return segments;
}

/** Token indices at which a new sentence starts, then the number of tokens. */
function* sentenceEnds(text: string, tokens: readonly Token[]): Generator<number> {
  for (let index = 1; index < tokens.length; index += 1) {
    const next = tokens[index] as Token;
    const gap = text.slice((tokens[index - 1] as Token).end, next.start);
    if (NEWLINE.test(gap) || endsSentence(text, gap, next)) yield index;
  }
  yield tokens.length;
}

/** Whether the text before `next`, `gap` left out, ends a sentence. */
function endsSentence(text: string, gap: string, next: Token): boolean {
  const end = next.start - gap.length;
  if (gap === '' && (CLOSERS.test(next.text) || TERMINATORS.test(next.text))) return false;
  let at = end;
  while (at > 0 && end - at < LONGEST_CLOSING && CLOSER.test(text.charAt(at - 1))) at -= 1;
  const terminator = text.charAt(at - 1);
  if (WIDE_TERMINATOR.test(terminator)) return true;
  if (!NARROW_TERMINATOR.test(terminator)) return false;
  if (gap === '') return terminator !== '.' && isIdeographOrKana(next.text);
  if (startsInLowerCase(next.text)) return false;
  return terminator !== '.' || !isAbbreviation(text, at - 1);
}

/** Where to cut a sentence of more than `maxTokens` tokens: an index above `start`. */
function cutWithin(
  text: string,
  tokens: readonly Token[],
  start: number,
  end: number,
  maxTokens: number,
  uncuttable: Uint8Array,
): number {
  const latest = start + maxTokens;
  const earliest = start + Math.max(1, maxTokens >> 1);
  let atSpace = 0;
  let anywhere = 0;
  for (let index = latest; index > start; index -= 1) {
    if (uncuttable[index] === 1) continue;
    if (anywhere === 0) anywhere = index;
    if (index < earliest) break;
    const before = tokens[index - 1] as Token;
    if (PAUSE.test(before.text)) return index;
    if (atSpace === 0 && text.slice(before.end, (tokens[index] as Token).start) !== '') {
      atSpace = index;
    }
  }
  if (atSpace > 0) return atSpace;
  if (anywhere > 0) return anywhere;
  // One span fills the whole room: keep it whole.
  let index = latest + 1;
  while (index < end && uncuttable[index] === 1) index += 1;
  return index;
}

const NEWLINE = /[\n\r\x85\u2028\u2029]/;
/** Ends a sentence whatever follows: Chinese, Japanese, Arabic, Urdu and Devanagari ones. */
const WIDE_TERMINATOR = /[。！？｡．؟۔।॥]/;
/** Ends a sentence before white space. */
const NARROW_TERMINATOR = /[.!?…]/;
const TERMINATORS = /^[.!?…。！？｡．؟۔।॥]+$/;
const CLOSER = /["'’”»›)\]}」』）】》〉］｣]/;
const CLOSERS = /^["'’”»›)\]}」』）】》〉］｣]+$/;
/** Behind these a sentence that is too long is best cut. */
const PAUSE = /[,;:，；：、،؛—–]$/;
/** More closing quotes and brackets than this behind a terminator are not looked through. */
const LONGEST_CLOSING = 8;
/** Letters of the longest entry of `TITLES`, and one more. */
const LONGEST_TITLE = 6;
/** Words whose full stop ends no sentence, in lower case. */
const TITLES = new Set(
  'dr mr mrs ms mx prof rev hon st sr jr gen col capt lt sgt vs no nos fig approx dept est'.split(
    ' ',
  ),
);

/** Whether the full stop at an offset belongs to an initial or a title. */
function isAbbreviation(text: string, stop: number): boolean {
  let start = stop;
  while (
    start > 0 &&
    stop - start < LONGEST_TITLE &&
    characterClass(text.charCodeAt(start - 1)) === LETTER
  ) {
    start -= 1;
  }
  return stop - start === 1 || TITLES.has(text.slice(start, stop).toLowerCase());
}

function isIdeographOrKana(text: string): boolean {
  return /^[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\ud840-\ud8bf]/.test(text);
}

function startsInLowerCase(text: string): boolean {
  // Only Latin, Greek, Cyrillic and Armenian, whose case is the same in every Unicode version.
  const first = text.charAt(0);
  return first < '\u0590' && first === first.toLowerCase() && first !== first.toUpperCase();
}
