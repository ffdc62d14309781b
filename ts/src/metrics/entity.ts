/** Precision, recall and F1 of entities, as the CoNLL shared tasks and seqeval count them. */

import { UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import type { TokenSpan } from '../text/entity.js';
import { decodeTags, decodeTagsStrictly, type TagScheme } from '../text/tagScheme.js';
import { ratesOf, ratio, type Rates } from './rates.js';

/** Entities of the reference, of the prediction, and of both with the same borders and type. */
export type EntityScore = Rates;

/** Scores over a set of sentences. */
export interface EntityReport extends EntityScore {
  /** Share of tokens whose tag is right, or 0 without any. */
  accuracy: number;
  /** Number of tokens. */
  tokens: number;
  /** The scores of each type in the reference or the prediction, in code unit order of the type. */
  types: (EntityScore & { type: string })[];
}

/**
 * How tags become entities.
 *
 * - `conlleval`: malformed sequences are repaired, as the shared tasks' script does
 *   (`decodeTags`). The usual choice, and the one behind most published figures.
 * - `strict`: entities count only where their tags follow `scheme` to the letter, in the reference
 *   as in the prediction (`decodeTagsStrictly`), as in seqeval's strict mode.
 */
export type EntityMatching = { mode?: 'conlleval' } | { mode: 'strict'; scheme: TagScheme };

/**
 * Collects sentences, then reports their entity scores.
 *
 * @example
 * const scorer = new EntityScorer();
 * scorer.add(['B-PER', 'I-PER', 'O'], ['B-PER', 'O', 'O']);
 * scorer.report().f1; // 0
 */
export class EntityScorer {
  readonly #matching: EntityMatching;
  readonly #counts = new Map<string, { gold: number; predicted: number; correct: number }>();
  #tokens = 0;
  #correctTokens = 0;

  /** @throws UsageError (`bad_option`) */
  constructor(matching: EntityMatching = {}) {
    checkOptionNames<object>(matching, { mode: true, scheme: true });
    const { mode = 'conlleval' } = matching;
    if (!['conlleval', 'strict'].includes(mode)) throw UsageError.option('mode', mode, 'conlleval or strict');
    this.#matching = matching;
  }

  /**
   * Adds a sentence.
   *
   * @param gold the reference's tags: `[tokens]`
   * @param predicted the prediction's tags: `[tokens]`
   * @throws UsageError (`bad_length`) when there are not as many of both
   * @throws DataError (`unknown_tag`)
   */
  add(gold: readonly string[], predicted: readonly string[]): void {
    if (gold.length !== predicted.length) {
      throw new UsageError(
        `expected as many predicted tags as reference tags, given ${predicted.length} ` +
          `for ${gold.length}`,
        { code: 'bad_length' },
      );
    }
    const correct = gold.filter((tag, index) => tag === predicted[index]).length;
    this.addSpans(this.#decode(gold), this.#decode(predicted), gold.length, correct);
  }

  /**
   * Adds a sentence, or a text, whose entities are known as spans. A span that occurs twice counts
   * once.
   *
   * @param tokens number of tokens, and how many of them have the right tag, for `accuracy`
   */
  addSpans(
    gold: readonly TokenSpan[],
    predicted: readonly TokenSpan[],
    tokens = 0,
    correctTokens = 0,
  ): void {
    const goldKeys = distinct(gold);
    const predictedKeys = distinct(predicted);
    for (const span of goldKeys.values()) this.#count(span.type).gold += 1;
    for (const [key, span] of predictedKeys) {
      const count = this.#count(span.type);
      count.predicted += 1;
      if (goldKeys.has(key)) count.correct += 1;
    }
    this.#tokens += tokens;
    this.#correctTokens += correctTokens;
  }

  /** The scores of what was added so far; overall ones are micro-averages. */
  report(): EntityReport {
    const total = { gold: 0, predicted: 0, correct: 0 };
    const types: EntityReport['types'] = [];
    for (const [type, count] of [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      total.gold += count.gold;
      total.predicted += count.predicted;
      total.correct += count.correct;
      types.push({ type, ...ratesOf(count) });
    }
    return {
      ...ratesOf(total),
      accuracy: ratio(this.#correctTokens, this.#tokens),
      tokens: this.#tokens,
      types,
    };
  }

  #decode(tags: readonly string[]): TokenSpan[] {
    const matching = this.#matching;
    return matching.mode === 'strict' ? decodeTagsStrictly(tags, matching.scheme) : decodeTags(tags);
  }

  #count(type: string): { gold: number; predicted: number; correct: number } {
    let count = this.#counts.get(type);
    if (count === undefined) {
      count = { gold: 0, predicted: 0, correct: 0 };
      this.#counts.set(type, count);
    }
    return count;
  }
}

/**
 * Entity scores of predicted against reference tags, sentence by sentence.
 *
 * @throws UsageError (`bad_length`) when sentences or tags are not as many on both sides, (`bad_option`)
 * @throws DataError (`unknown_tag`)
 *
 * @example
 * scoreEntities([['B-PER', 'O']], [['B-PER', 'B-LOC']]);
 * // precision 0.5, recall 1, f1 2/3, accuracy 0.5
 */
export function scoreEntities(
  gold: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  matching: EntityMatching = {},
): EntityReport {
  if (gold.length !== predicted.length) {
    throw new UsageError(
      `expected as many predicted as reference sentences, given ${predicted.length} ` +
        `for ${gold.length}`,
      { code: 'bad_length' },
    );
  }
  const scorer = new EntityScorer(matching);
  for (const [index, tags] of gold.entries()) scorer.add(tags, predicted[index] as string[]);
  return scorer.report();
}

function distinct(spans: readonly TokenSpan[]): Map<string, TokenSpan> {
  return new Map(spans.map((span) => [`${span.start} ${span.end} ${span.type}`, span]));
}
