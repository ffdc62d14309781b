/** How well a language model foresees texts. */

import { LikelihoodSum, scoreOf, type LanguageEvaluation, type TextScore } from '../language/score.js';
import type { CollectedTexts } from '../language/texts.js';
import { sequencesOf } from './corpus.js';
import { lookbackOf, type LanguageParts } from './learning.js';
import type { TextReadingSettings } from './adapting.js';
import { logProbsOf } from './reading.js';
import { readAdapting } from './dynamic.js';

/** What `evaluate` reports: how well the texts are foreseen, and what that took. */
export interface LanguageModelEvaluation extends LanguageEvaluation {
  /** Tokens read a second. */
  tokensPerSecond: number;
  /** Time of the reading. */
  seconds: number;
}

/**
 * Reads texts, each from its beginning; a model that learns as it reads is left as it is then.
 *
 * @throws CancelledError when the signal is aborted
 */
export async function evaluateTexts(
  parts: LanguageParts,
  texts: CollectedTexts,
  reading: TextReadingSettings,
): Promise<LanguageModelEvaluation> {
  const begun = performance.now();
  const { sequences } = sequencesOf(parts.reader, texts);
  const logProbs = await read(parts, sequences, reading);
  const sum = new LikelihoodSum();
  logProbs.forEach((found, index) => sum.add(texts.texts[index] as string, found));
  const seconds = (performance.now() - begun) / 1000;
  const { evaluation } = sum;
  return { ...evaluation, tokensPerSecond: evaluation.tokens / Math.max(seconds, 1e-6), seconds };
}

/**
 * Every token of a text with how much it surprises. Otherwise as {@link evaluateTexts}.
 *
 * @throws CancelledError when the signal is aborted
 */
export async function scoreText(
  parts: LanguageParts,
  text: string,
  documents: boolean,
  reading: TextReadingSettings,
): Promise<TextScore> {
  const { readings, sequences } = sequencesOf(parts.reader, { texts: [text], documents });
  const [logProbs = new Float64Array(0)] = await read(parts, sequences, reading);
  return scoreOf(text, readings[0] as (typeof readings)[number], logProbs);
}

/** The logarithms of probabilities. */
async function read(parts: LanguageParts, sequences: readonly Int32Array[], reading: TextReadingSettings): Promise<Float64Array[]> {
  const { model, settings } = parts;
  const { dynamic, cache, signal } = reading;
  if (dynamic === undefined && cache === undefined) return logProbsOf(model, sequences, { lookback: lookbackOf(settings), signal });
  return readAdapting(parts, sequences, reading);
}
