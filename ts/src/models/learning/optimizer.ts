/** Options of learning to what a trainer takes. */

import { UsageError } from '../../errors.js';
import { optimizer, schedule, type OptimizerSpec, type ScheduleSpec } from '../../spec/optimizer.js';
import type { TrainerOptions } from '../../training/trainer.js';
import { FALLBACK, SGD_RATE, type LearningDefaults, type LearningOptions } from './options.js';

/** What options of learning are completed by. */
export interface TrainingFacts {
  readonly defaults: LearningDefaults;
  /** Steps of the whole training, which schedules are stretched over. */
  readonly steps: number;
  /** Whether a higher or a lower score is better. */
  readonly mode: 'max' | 'min';
}

/**
 * Optimiser, schedule and clipping.
 *
 * @throws UsageError (`bad_option`) for a rate beside an optimiser that has its own
 */
export function trainerOptions(options: LearningOptions, { defaults, steps, mode }: TrainingFacts): TrainerOptions {
  const { clipNorm = FALLBACK.clipNorm } = options;
  return {
    optimizer: optimizerOf(options, defaults),
    schedule: scheduleOf(options.schedule ?? FALLBACK.schedule, steps, mode),
    ...(clipNorm === null ? {} : { clipNorm }),
  };
}

/** @throws UsageError (`bad_option`) when both ways to batch are asked for */
export function batchingOf(
  { batchSize, batchTokens }: LearningOptions,
  defaults: LearningDefaults,
): { batchSize: number } | { batchTokens: number } {
  if (batchTokens === undefined) return { batchSize: batchSize ?? defaults.batchSize };
  if (batchSize === undefined) return { batchTokens };
  throw new UsageError('options batchSize and batchTokens: expected one of them, given both', { code: 'bad_option' });
}

function optimizerOf(
  { optimizer: given = FALLBACK.optimizer, learningRate, weightDecay }: LearningOptions,
  defaults: LearningDefaults,
): OptimizerSpec {
  if (typeof given === 'object') {
    for (const [name, value] of Object.entries({ learningRate, weightDecay })) {
      if (value !== undefined) throw UsageError.option(name, value, 'it to stand in the optimizer that is given');
    }
    return given;
  }
  return optimizer[given]({
    learningRate: learningRate ?? (given === 'sgd' ? SGD_RATE : defaults.learningRate),
    weightDecay: weightDecay ?? (given === 'adamw' ? 0.01 : 0),
  });
}

function scheduleOf(given: NonNullable<LearningOptions['schedule']>, steps: number, mode: 'max' | 'min'): ScheduleSpec {
  if (typeof given === 'object') return given;
  switch (given) {
    case 'constant':
      return schedule.constant();
    case 'cosine':
      return schedule.cosine({ tMax: steps });
    case 'oneCycle':
      return schedule.oneCycle({ totalSteps: steps });
    case 'linearWarmup':
      return schedule.linearWarmup({ warmupSteps: Math.ceil(steps / 10), decay: 'linear', totalSteps: steps });
    case 'reduceOnPlateau':
      return schedule.reduceOnPlateau({ mode, factor: 0.5, patience: 2 });
  }
}
