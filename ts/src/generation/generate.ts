/** Texts that go on from prompts, token by token. */

import { Draft, type GeneratedPiece, type GenerationEnd } from './draft.js';
import type { NextTokens, PromptedLanguage } from './nextTokens.js';
import { constraintSettings, samplingSettings, type GenerationOptions } from './options.js';
import { Turns } from './turns.js';

/** A generated text. */
export interface GeneratedText {
  /** What follows the prompt. */
  readonly text: string;
  /** Its tokens, with an end token and those of a stop string where there is one. */
  readonly ids: readonly number[];
  /** Natural logarithm of the probability that the model gives them after the prompt, whatever the options. */
  readonly logProb: number;
  readonly end: GenerationEnd;
}

/**
 * The tokens of one text, as they are chosen. What the iterator returns in the end is why the text ends.
 *
 * @param next has read the prompt; it is disposed of when the text ends, when work fails, and when the
 *   iterator is told to return
 * @param scores those of what may follow the prompt, `[1 × size]`
 * @param options as they passed the check of `GENERATION_OPTIONS`
 * @throws CancelledError when the signal is aborted
 * @throws UsageError (`bad_option`) for ids that there are not; (`nothing_allowed`) where the options rule
 *   out every token
 * @throws OstinatoError (`not_finite`) where the model gives scores that are no numbers
 */
export function generate(
  next: NextTokens,
  scores: Float32Array,
  options: GenerationOptions,
  language: PromptedLanguage,
): AsyncIterableIterator<GeneratedPiece, GenerationEnd | undefined> {
  const steps = singly(generateRows(next, scores, options, language));
  let begun = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      begun = true;
      return steps.next();
    },
    return() {
      // A generator that has not begun ends without a look at its finally.
      if (!begun) next.dispose();
      begun = true;
      return steps.return(undefined);
    },
  };
}

/** The texts that go on from several prompts, with `scores` `[rows × size]`. Otherwise as {@link generate}. */
export async function generateTexts(
  next: NextTokens,
  scores: Float32Array,
  options: GenerationOptions,
  language: PromptedLanguage,
): Promise<GeneratedText[]> {
  const pieces = language.prompts.map((): GeneratedPiece[] => []);
  const ends: GenerationEnd[] = [];
  for await (const { row, piece, end } of generateRows(next, scores, options, language)) {
    pieces[row]?.push(piece);
    if (end !== undefined) ends[row] = end;
  }
  return pieces.map((row, index) => ({
    text: row.map(({ text }) => text).join(''),
    ids: row.map(({ id }) => id),
    logProb: row.reduce((sum, { logProb }) => sum + logProb, 0),
    end: ends[index] as GenerationEnd,
  }));
}

/** One token of one of several rows; `end` with its last. */
interface RowStep {
  readonly row: number;
  readonly piece: GeneratedPiece;
  readonly end: GenerationEnd | undefined;
}

async function* singly(steps: AsyncIterable<RowStep>): AsyncGenerator<GeneratedPiece, GenerationEnd | undefined, undefined> {
  for await (const { piece, end } of steps) {
    yield piece;
    if (end !== undefined) return end;
  }
  return undefined;
}

async function* generateRows(
  next: NextTokens,
  firstScores: Float32Array,
  options: GenerationOptions,
  language: PromptedLanguage,
): AsyncGenerator<RowStep, void, undefined> {
  try {
    const turns = new Turns(options.signal);
    const settings = { ...constraintSettings(options, language, next.size), ...samplingSettings(options) };
    let scores = firstScores;
    let rows = language.prompts.map((prompt, row) => ({ row, draft: new Draft(language.decode, prompt, settings, row) }));
    while (rows.length > 0) {
      // All rows before the first is given out: whoever takes it may call what invalidates the scores.
      const steps = rows.map(({ row, draft }, place): RowStep => {
        const piece = draft.next(scores.subarray(place * next.size, (place + 1) * next.size));
        return { row, piece, end: draft.end };
      });
      yield* steps;
      const going = steps.flatMap(({ end }, place) => (end === undefined ? [place] : []));
      if (going.length === 0) return;
      if (going.length < rows.length) await next.select(going);
      rows = going.map((place) => rows[place] as (typeof rows)[number]);
      scores = await next.feed(Int32Array.from(going, (place) => (steps[place] as RowStep).piece.id));
      await turns.take();
    }
  } finally {
    next.dispose();
  }
}
