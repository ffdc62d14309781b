/** Scores of a tagger on documents whose entities are known. */

import { EntityScorer, type EntityReport } from '../../metrics/entity.js';
import { decodeTags, encodeTags, type TagScheme } from '../../text/tagScheme.js';
import type { TokenSpan } from '../../text/entity.js';
import { output, rowOf } from '../../training/output.js';
import type { TaggerEncoder } from './encoder.js';
import { tagNames } from './entities.js';
import type { LabelledDocument } from './labelled.js';
import type { Predictor } from '../text/prediction.js';

/** What `evaluate` reports: entity scores, and what they took. */
export interface TaggerEvaluation extends EntityReport {
  /** Number of examples. */
  sentences: number;
  /** Tokens tagged a second. */
  tokensPerSecond: number;
  /** Time of the tagging. */
  seconds: number;
}

/**
 * Tags the documents as `tag` would and compares.
 *
 * @throws CancelledError when the signal is aborted
 */
export async function evaluateDocuments(
  predictor: Predictor,
  encoder: TaggerEncoder,
  scheme: TagScheme,
  labelled: readonly LabelledDocument[],
  signal: AbortSignal | undefined,
): Promise<TaggerEvaluation> {
  const found = labelled.map((): TokenSpan[] => []);
  const documents = labelled.map(({ document }) => document);
  const begun = performance.now();
  await predictor.run(
    'decode',
    documents,
    ({ document, tokenStart }, outputs, row) => {
      const path = rowOf(output(outputs, 'tags', 'ids'), row);
      for (const { type, start, end } of decodeTags(tagNames(path, encoder.tags))) {
        found[document]?.push({ type, start: start + tokenStart, end: end + tokenStart });
      }
    },
    signal,
  );
  const seconds = (performance.now() - begun) / 1000;
  const scorer = new EntityScorer();
  labelled.forEach(({ document, spans }, index) => {
    addSentence(scorer, scheme, document.tokens.length, spans, found[index] ?? []);
  });
  const report = scorer.report();
  return { ...report, sentences: labelled.length, tokensPerSecond: report.tokens / Math.max(seconds, 1e-6), seconds };
}

/** Adds a sentence of so many tokens to what is scored; a token is right when its tag is. */
export function addSentence(
  scorer: EntityScorer,
  scheme: TagScheme,
  tokens: number,
  gold: readonly TokenSpan[],
  predicted: readonly TokenSpan[],
): void {
  const tags = encodeTags(gold, tokens, scheme);
  const right = encodeTags(predicted, tokens, scheme).filter((tag, token) => tag === tags[token]).length;
  scorer.addSpans(gold, predicted, tokens, right);
}
