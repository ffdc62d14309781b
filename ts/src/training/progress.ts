/** What training tells while it runs and when it is done. */

/** Scores on development data by name, such as `{ f1: 0.91, precision: 0.9 }`. */
export interface DevScores {
  readonly [name: string]: number;
}

/** Where training stands. */
export interface TrainingProgress {
  /** The present epoch, counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch: `steps` once for each epoch, when it has been evaluated, too. */
  readonly step: number;
  /** Steps that this epoch takes. */
  readonly steps: number;
  /** Mean loss of this epoch's steps so far; null before the first. */
  readonly loss: number | null;
  /** Mean of each other loss of the entry so far, by the name of its output: those of several tasks. */
  readonly losses: { readonly [output: string]: number };
  /** Largest global norm of the gradients of this epoch's steps so far, before clipping; null before the first. */
  readonly gradientNorm: number | null;
  /** Scores after the last epoch that was evaluated; null before the first. */
  readonly dev: DevScores | null;
  /** Tokens a second (rows where there is no axis) in training so far, evaluation not counted. */
  readonly tokensPerSecond: number;
  /** Estimated time to the end of the last epoch; null as long as nothing can be said. */
  readonly secondsLeft: number | null;
}

/** One epoch of a finished training. */
export interface EpochReport {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean loss of its steps. */
  readonly loss: number;
  /** Mean of each other loss of the entry, by the name of its output. */
  readonly losses: { readonly [output: string]: number };
  /** Largest global norm of the gradients of a step, before clipping. */
  readonly gradientNorm: number;
  /** Learning rate of its last step. */
  readonly learningRate: number;
  readonly dev: DevScores | null;
  /** Time of its steps, evaluation not counted. */
  readonly seconds: number;
}

/** What training did. */
export interface TrainingReport {
  readonly epochs: readonly EpochReport[];
  /** The epoch whose weights the model has now. */
  readonly bestEpoch: number;
  /** Steps taken. */
  readonly steps: number;
  /** Whether patience ran out before the epochs did. */
  readonly stoppedEarly: boolean;
  readonly tokensPerSecond: number;
  /** Time of everything, evaluation included. */
  readonly seconds: number;
}
