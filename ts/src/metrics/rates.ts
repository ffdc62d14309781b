/** Precision, recall and F1 out of counts. */

/** Counts, and the rates made of them, which are fractions of one. */
export interface Rates {
  /** How many there are in the reference. */
  gold: number;
  /** How many there are in the prediction. */
  predicted: number;
  /** How many of the prediction are right. */
  correct: number;
  /** `correct / predicted`, or 0. */
  precision: number;
  /** `correct / gold`, or 0. */
  recall: number;
  /** Harmonic mean of precision and recall, or 0. */
  f1: number;
}

/** The rates of counts. */
export function ratesOf({ gold, predicted, correct }: Pick<Rates, 'gold' | 'predicted' | 'correct'>): Rates {
  return {
    gold,
    predicted,
    correct,
    precision: ratio(correct, predicted),
    recall: ratio(correct, gold),
    // 2PR / (P + R) in counts, which needs one division.
    f1: ratio(2 * correct, gold + predicted),
  };
}

/** `part / whole`, or 0 where there is no whole. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
