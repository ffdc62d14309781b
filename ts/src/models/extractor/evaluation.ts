/** Scores of an extractor on requests whose intents and spans are known. */

import { scoreClassification, type ClassificationReport } from '../../metrics/classification.js';
import { EntityScorer, type EntityReport } from '../../metrics/entity.js';
import { ratio } from '../../metrics/rates.js';
import type { Entity } from '../../text/entity.js';
import { entitiesOf } from '../tagger/entities.js';
import { addSentence } from '../tagger/evaluation.js';
import type { TextInput } from '../text/document.js';
import type { Predictor } from '../text/prediction.js';
import type { ExtractorEncoder } from './encoder.js';
import { ExtractionCollector } from './extraction.js';
import type { LabelledRequest } from './labelled.js';
import type { ExtractorSettings } from './options.js';
import { valueKey, type RecordBuilder } from './record.js';

/** What `evaluate` reports; rates are fractions of one, 0 where nothing is known. */
export interface ExtractorEvaluation {
  /** Share of the requests whose intent is right, of those whose intent is known. */
  intentAccuracy: number;
  /** F1 of the spans, whose borders and type must both be right, where spans are known. */
  slotF1: number;
  /**
   * Share of the requests of which everything is right, of those of which intent and spans are known:
   * the intent, and the set of the slots' values, which are compared as JSON.
   */
  recordAccuracy: number;
  /** More of the intents: each of them, and which was taken for which. */
  intents: ClassificationReport;
  /** More of the spans: precision, recall, each type. */
  slots: EntityReport;
  /** Number of examples. */
  examples: number;
  /** Tokens read a second. */
  tokensPerSecond: number;
  /** Time of the reading. */
  seconds: number;
}

/** What scores requests. */
export interface ScoringParts {
  predictor: Predictor;
  encoder: ExtractorEncoder;
  settings: ExtractorSettings;
  builder: RecordBuilder;
}

/**
 * Reads the requests as `extract` would and compares.
 *
 * @throws CancelledError when the signal is aborted
 * @throws OstinatoError (`normaliser_failed`)
 */
export async function evaluateRequests(
  { predictor, encoder, settings, builder }: ScoringParts,
  labelled: readonly LabelledRequest[],
  signal: AbortSignal | undefined,
): Promise<ExtractorEvaluation> {
  const requests = labelled.map(({ request }) => request);
  const found = new ExtractionCollector(requests, encoder);
  const begun = performance.now();
  await predictor.run('predict', requests, found.visit, signal);
  const seconds = (performance.now() - begun) / 1000;

  const scorer = new EntityScorer();
  const [truth, chosen]: [string[], string[]] = [[], []];
  const records = { known: 0, right: 0 };
  let tokens = 0;
  for (const [index, { request, intent, spans }] of labelled.entries()) {
    const { document } = request;
    tokens += document.tokens.length;
    const predicted = found.intents(index)[0]?.label ?? '';
    if (intent !== undefined) {
      truth.push(intent);
      chosen.push(predicted);
    }
    if (spans !== undefined) addSentence(scorer, settings.scheme, document.tokens.length, spans, found.spans(index));
    if (intent === undefined || spans === undefined) continue;
    const gold = entitiesOf(document, spans.map((span) => ({ ...span, score: 1 })));
    const key = (of: string, entities: readonly Entity[]): Promise<string> => recordKey(builder, document.input, of, entities);
    records.known += 1;
    if ((await key(intent, gold)) === (await key(predicted, found.entities(index)))) records.right += 1;
  }
  // An intent that the extractor does not know is never right.
  const intents = scoreClassification(truth, chosen, [...new Set([...encoder.intents, ...truth])]);
  const slots = scorer.report();
  return {
    intentAccuracy: intents.accuracy,
    slotF1: slots.f1,
    recordAccuracy: ratio(records.right, records.known),
    intents,
    slots,
    examples: labelled.length,
    tokensPerSecond: tokens / Math.max(seconds, 1e-6),
    seconds,
  };
}

/** What makes two records equal: the intent, and which values of which slots there are. */
async function recordKey(
  builder: RecordBuilder,
  input: TextInput,
  intent: string,
  entities: readonly Entity[],
): Promise<string> {
  const spans = await builder.values(input, intent, entities);
  const values = new Set(spans.map(valueKey));
  return JSON.stringify([intent, ...[...values].sort()]);
}
