/** How a language model learns from texts. */

import type { Model } from '../../training/model.js';
import type { DevScores } from '../../training/progress.js';
import type { TextReader } from '../language/reader.js';
import { LikelihoodSum } from '../language/score.js';
import type { CollectedTexts } from '../language/texts.js';
import type { LearningTask } from '../learning/learn.js';
import { sequencesOf, wholeOf, type DividedTexts } from './corpus.js';
import { LEARNING_DEFAULTS, LEARNING_OPTIONS, type LanguageModelFitOptions, type LanguageModelSettings } from './options.js';
import { cutStreams, stepsOf } from './pieces.js';
import { natsOf, stateOf } from './reading.js';
import { Streams } from './streams.js';

/** Fewest steps of an epoch, where nobody says how many streams there are. */
const FEWEST_STEPS = 20;
/** Fewest steps of a stream of development text: each begins with nothing before it. */
const SHORTEST_STREAM = 500;

/** What learns. */
export interface LanguageParts {
  readonly model: Model;
  readonly reader: TextReader;
  readonly settings: LanguageModelSettings;
}

/** Steps before a piece that are read again: those that `feedForward` sees, as it carries nothing. */
export function lookbackOf({ architecture, context }: LanguageModelSettings): number {
  return architecture === 'feedForward' ? context - 1 : 0;
}

/**
 * The task of a language model that learns from texts. What it carries is to be disposed of.
 *
 * @throws DataError (`no_data`) where there is nothing to learn
 */
export async function languageTask(
  parts: LanguageParts,
  { train, dev }: DividedTexts,
  options: LanguageModelFitOptions,
): Promise<{ task: LearningTask; dispose: () => void }> {
  const { model, reader, settings } = parts;
  const { sequenceLength = LEARNING_OPTIONS.sequenceLength.default, variableLength = LEARNING_OPTIONS.variableLength.default } = options;
  const { seed = LEARNING_OPTIONS.seed.default, signal } = options;
  const whole = wholeOf(reader, train, 'training text');
  const streams = Math.min(stepsOf(whole), options.batchSize ?? streamsFor(stepsOf(whole), sequenceLength));
  const { start, end } = reader.vocabulary.singletons;
  const data = new Streams(whole, {
    streams,
    sequenceLength,
    variableLength,
    lookback: lookbackOf(settings),
    singletons: { start, end, probability: settings.unknownProbability },
    seed,
  });
  const state = await stateOf(model);
  const task: LearningTask = {
    defaults: LEARNING_DEFAULTS,
    data,
    ordered: { texts: train.texts.length, state, averageAfter: options.averageAfter ?? undefined },
    dev: dev && { examples: dev.texts, source: options.dev === undefined ? 'held out' : 'given', heldOut: [] },
    evaluate: () => devScores(parts, dev ?? { texts: [], documents: false }, streams, signal),
    monitor: 'perplexity',
    mode: 'min',
  };
  return { task, dispose: () => state?.dispose() };
}

function streamsFor(steps: number, sequenceLength: number): number {
  return Math.max(1, Math.min(LEARNING_DEFAULTS.batchSize, Math.ceil(steps / (sequenceLength * FEWEST_STEPS))));
}

/** Scores on development texts; one that runs on is cut into streams, which are read side by side. */
async function devScores({ model, reader, settings }: LanguageParts, texts: CollectedTexts, streams: number, signal: AbortSignal | undefined): Promise<DevScores> {
  const cut = (sequence: Int32Array): Int32Array[] => cutStreams(sequence, Math.max(1, Math.min(streams, Math.floor(stepsOf(sequence) / SHORTEST_STREAM))));
  const { sequences } = sequencesOf(reader, texts);
  const read = texts.documents ? sequences : sequences.flatMap(cut);
  const sum = new LikelihoodSum();
  sum.addTotal(texts.texts, -(await natsOf(model, read, { lookback: lookbackOf(settings), signal })), read.reduce((steps, sequence) => steps + stepsOf(sequence), 0));
  const { natsPerToken, perplexity, bitsPerCharacter } = sum.evaluation;
  return { perplexity, bitsPerCharacter, natsPerToken };
}
