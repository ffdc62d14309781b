/** What the command line has to know of a kind of model. */

import type { Engine } from '../engine.js';
import type { ModelSource } from '../io/modelFile.js';
import type { LearnedModel } from '../models/learned.js';
import type { LearningCallbacks } from '../models/learning/options.js';
import type { OptionTable } from '../models/option.js';
import type { Screen } from './output.js';

/** A score by its name in results, and as people call it. */
export interface Score {
  readonly name: string;
  readonly title: string;
  /** How its values are written. Default as per cent. */
  readonly format?: (value: number) => string;
}

/** Options as they were typed or stand in a configuration file. */
export type Given = Readonly<Record<string, unknown>>;

/** What training takes beside the options of the task. */
export interface TrainingContext<M, E> extends LearningCallbacks<M> {
  engine: Engine;
  dev?: readonly E[];
}

/**
 * A kind of model `M`, which learns from examples `E`, is scored by an evaluation `R` and finds a `P`
 * in a text. One file beside this one for each; `tasks.ts` lists them.
 */
export interface Task<M extends LearnedModel<unknown>, E, R extends object, P> {
  /** Name in `train NAME`, in model files and in results. */
  readonly name: string;
  /** What `train NAME` does, and with which data. */
  readonly summary: string;
  /** Command lines for its help page. */
  readonly examples: readonly string[];
  /** Options of data files. */
  readonly reading: OptionTable;
  /** Options of training. */
  readonly training: OptionTable;
  /** Options of scoring. */
  readonly scoring: OptionTable;
  /** Name of the command that puts a model to use. */
  readonly command: string;
  /** How that command uses a model text by text, unless it is one of its own kind. */
  readonly use?: Use<M, P>;

  /** The score that training is told by. */
  score(training: Given): Score;
  /** How much data there is, where it is not counted in examples. */
  amount?(examples: readonly E[]): string;
  /**
   * All examples of files, one file after another.
   *
   * @param reading options of the table `reading`
   * @param settings what was asked for in training, or the settings of a model
   */
  read(paths: readonly string[], reading: Given, settings: Given): Promise<E[]>;
  /** Options of the table `reading` as a model has them, where nobody says otherwise. */
  readingFor?(model: M): Given;
  train(examples: readonly E[], training: Given, context: TrainingContext<M, E>): Promise<M>;
  load(source: ModelSource, options: { engine: Engine }): Promise<M>;
  evaluate(model: M, examples: readonly E[], scoring: Given, signal: AbortSignal): Promise<R>;
  /** An evaluation for people: a headline, and more. */
  tell(scores: R, screen: Screen): string[];
}

/** The command that puts a model to use, text by text. */
export interface Use<M, P> {
  readonly summary: string;
  /** The rest of its help page. */
  readonly help: string;
  /** What a prompt says of the model. */
  greeting(model: M): string;
  /** What the model finds in texts. */
  find(model: M, texts: readonly string[]): Promise<P[]>;
  /** A line of output. */
  line(text: string, found: P, model: M): string;
  /** The answer at a prompt. */
  answer(text: string, found: P, model: M, screen: Screen): string;
  /** Fields of the event for one text. */
  fields(found: P): object;
  /** Counts what is found, for the result event. */
  tally(model: M): Tally<P>;
}

/** Counts of what was found in texts. */
export interface Tally<P> {
  add(found: P): void;
  counts(): object;
}

/** Counts texts by names, of which each has any number. */
export function tallyOf<P>(field: string, namesOf: (found: P) => readonly string[]): Tally<P> {
  const counts = new Map<string, number>();
  return {
    add: (found) => {
      for (const name of namesOf(found)) counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    counts: () => ({ [field]: Object.fromEntries(counts) }),
  };
}

/** A task of any kind. */
export type AnyTask = Task<LearnedModel<unknown>, object, object, unknown>;
