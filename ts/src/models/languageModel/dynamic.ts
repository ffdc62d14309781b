/** Reading that changes what reads: dynamic evaluation and the continuous cache. */

import { breathe } from '#runtime';
import { CancelledError } from '../../errors.js';
import { output } from '../../training/output.js';
import { Trainer } from '../../training/trainer.js';
import type { DynamicSettings, TextReadingSettings } from './adapting.js';
import { ContinuousCache } from './cache.js';
import { lookbackOf, type LanguageParts } from './learning.js';
import { pieceOf, stepsOf } from './pieces.js';
import { stateOf } from './reading.js';

/** Steps that are read at once where the model does not learn in between. */
const STEPS = 256;

/**
 * The natural logarithm of the probability of what each step foresees, the sequences read one after
 * another. Where the model learns, it is left as it is then.
 *
 * @throws CancelledError when the signal is aborted
 * @throws OstinatoError (`not_finite`) where it learns itself out of all bounds
 */
export async function readAdapting(
  parts: LanguageParts,
  sequences: readonly Int32Array[],
  { dynamic, cache, signal }: TextReadingSettings,
): Promise<Float64Array[]> {
  const { model, settings } = parts;
  const steps = dynamic?.sequenceLength ?? STEPS;
  const lookback = lookbackOf(settings);
  const entry = cache === undefined ? 'score' : 'recall';
  const recent = cache && new ContinuousCache(cache, settings.hiddenSize);
  const learner = dynamic && learnerOf(parts, dynamic);
  const found: Float64Array[] = [];
  try {
    for (const sequence of sequences) {
      // Each has its own of what is carried: they move on as one, as no step lies between them.
      const [reading, learning] = [await stateOf(model), await stateOf(model)];
      const logProbs = new Float64Array(Math.max(0, stepsOf(sequence)));
      try {
        for (let from = 0; from < logProbs.length; from += steps) {
          CancelledError.check(signal);
          const to = Math.min(from + steps, logProbs.length);
          const batch = pieceOf([sequence], from, to, lookback);
          const outputs = await model.predict(entry, batch, reading && { state: reading });
          const { data, width, offsets } = output(outputs, 'logProbs', 'matrix');
          const states = recent && output(outputs, 'states', 'matrix');
          const again = (offsets[1] as number) - (to - from);
          for (let step = from; step < to; step += 1) {
            const row = step - from + again;
            const token = sequence[step + 1] as number;
            const logProb = data[row * width + token] as number;
            logProbs[step] = recent && states ? recent.next(states.data.subarray(row * states.width, (row + 1) * states.width), token, logProb) : logProb;
          }
          await learner?.step(batch, 'adapt', learning && { state: learning });
          await breathe();
        }
      } finally {
        reading?.dispose();
        learning?.dispose();
      }
      found.push(logProbs);
    }
  } finally {
    learner?.dispose();
  }
  return found;
}

function learnerOf({ model }: LanguageParts, { optimizer, clipNorm }: DynamicSettings): Trainer {
  return new Trainer(model, { optimizer, ...(clipNorm === null ? {} : { clipNorm }) });
}
