/** What the models by task have in common: they learn, are saved and are disposed of. */

import { DisposedError, UsageError } from '../errors.js';
import { saveModelFile, type ModelMetadata } from '../io/modelFile.js';
import { DISPOSE } from '../memory/owned.js';
import type { Model } from '../training/model.js';
import { learn, type LearningTask } from './learning/learn.js';
import type { LearningCallbacks, LearningOptions } from './learning/options.js';
import type { LearningReport } from './learning/report.js';

/** The parts of a model by task that are no numbers. */
export interface LearnedParts<Settings> {
  settings: Settings;
  report: LearningReport;
}

/** A model by task, such as a tagger. */
export abstract class LearnedModel<Settings> implements Disposable {
  /** Every model option with the value that it has here. */
  readonly settings: Settings;
  readonly #model: Model;
  readonly #name: string;
  #report: LearningReport;
  #learning = false;

  /** @param name what it is called in errors, such as `this Tagger` */
  protected constructor(name: string, model: Model, { settings, report }: LearnedParts<Settings>) {
    this.settings = settings;
    this.#name = name;
    this.#model = model;
    this.#report = report;
  }

  /** What the last training did. */
  get report(): LearningReport {
    return this.#report;
  }

  /** The model behind it, to look at its parameters. */
  get model(): Model {
    return this.use();
  }

  /** Whether it has been disposed of. */
  get disposed(): boolean {
    return this.#model.disposed;
  }

  /** Frees the model. Doing so again does nothing. */
  dispose(): void {
    this.#model.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }

  /**
   * The model as the bytes of one file, which any safetensors library reads; with a path, they are
   * written there, too.
   */
  async save(path?: string | URL): Promise<Uint8Array<ArrayBuffer>> {
    return saveModelFile(this.use(), this.metadata(), path);
  }

  /** See {@link save}. */
  async toBytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.save();
  }

  /** What its file holds beside spec and parameters. */
  protected abstract metadata(): ModelMetadata;

  /** @throws DisposedError */
  protected use(): Model {
    if (this.#model.disposed) throw new DisposedError(this.#name);
    return this.#model;
  }

  /** Learns a task, which is to happen `exclusively`; the report stands in `report`, too. */
  protected async learn(
    task: LearningTask,
    { signal, onProgress, onBest, ...options }: LearningOptions & LearningCallbacks<this>,
  ): Promise<LearningReport> {
    this.#report = await learn(this.use(), task, options, {
      signal,
      onProgress,
      onBest: async (report) => {
        this.#report = report;
        await onBest?.(this);
      },
    });
    return this.#report;
  }

  /**
   * Does what changes the model, one thing at a time: of two that are called at once the first, however
   * long it has to wait for its data.
   *
   * @throws UsageError (`busy`) while it is training already
   */
  protected async exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#learning) throw new UsageError(`${this.#name} is training already`, { code: 'busy' });
    this.#learning = true;
    try {
      return await work();
    } finally {
      this.#learning = false;
    }
  }
}
