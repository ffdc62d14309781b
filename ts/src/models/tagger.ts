/** Taggers: they learn from labelled text to find entities in new text. */

import type { TaggedExample } from '../data/example.js';
import type { Engine } from '../engine.js';
import { UsageError } from '../errors.js';
import { aboutFile, loadModelFile, type ModelMetadata, type ModelSource } from '../io/modelFile.js';
import type { Entity } from '../text/entity.js';
import type { OffsetUnit } from '../text/offsets.js';
import { loadTokenizer, type Tokenizer } from '../text/tokenizer.js';
import { Model } from '../training/model.js';
import { LearnedModel } from './learned.js';
import { CALLBACKS, ENGINE, SIGNAL } from './learning/options.js';
import { NO_REPORT, type LearningReport } from './learning/report.js';
import { checkOptions, choice, integer } from './option.js';
import { TaggerEncoder } from './tagger/encoder.js';
import { EntityCollector } from './tagger/entities.js';
import { evaluateDocuments, type TaggerEvaluation } from './tagger/evaluation.js';
import { readTaggerMetadata, taggerMetadata, type TaggerParts } from './tagger/file.js';
import { MOST_PATHS, nBestEntry, taggerSpec } from './tagger/graph.js';
import { labelsOf, readDocuments, typesOf, type LabelledDocument } from './tagger/labelled.js';
import { learningData, taggingTask, type LearningData } from './tagger/learning.js';
import { MarginalCollector, type TaggerMarginals } from './tagger/marginals.js';
import { ReadingCollector, type TaggerReading } from './tagger/nbest.js';
import {
  LEARNING_OPTIONS,
  MODEL_OPTIONS,
  modelSettings,
  OFFSET_UNIT,
  type TaggedExamples,
  type TaggerFitOptions,
  type TaggerSettings,
  type TaggerTrainOptions,
} from './tagger/options.js';
import { TextDocument, type TextInput } from './text/document.js';
import { collectExamples, meanLength, tokenizerFor } from './text/examples.js';
import { vectorInit } from './text/graph.js';
import { checkLabels } from './text/labels.js';
import { Predictor } from './text/prediction.js';
import { readWordVectors, setWordVectors } from './text/vectors.js';

/** Options of `evaluate`. */
export interface TaggerEvaluateOptions {
  /**
   * What counts as an entity in tagged tokens: `conlleval` repairs malformed tags as the CoNLL shared
   * tasks' script does, `strict` takes only what follows the scheme to the letter, as seqeval's strict
   * mode. Default `conlleval`.
   */
  mode?: 'conlleval' | 'strict';
  /** What the offsets of entities in texts count. Default `utf16`. */
  offsetUnit?: OffsetUnit;
  /** Stops the evaluation. */
  signal?: AbortSignal;
}

/** Options of `evaluate` as data. */
export const EVALUATE_OPTIONS = {
  mode: choice('what counts as an entity', ['conlleval', 'strict'], { default: 'conlleval' }),
  offsetUnit: OFFSET_UNIT,
};
const N_BEST_OPTIONS = { n: integer('how many readings', 1, { default: 5 }, MOST_PATHS) };
const N_BEST = 'n_best';
/** What messages call it. */
const TRAINING = 'training data';

/**
 * Finds entities in text: a bidirectional recurrent network with a CRF on top (Huang et al. 2015), and
 * the characters of words beside the words (Lample et al. 2016).
 *
 * Every method that computes returns a promise; those with `Sync` at the end compute at once.
 *
 * @example
 * const tagger = await Tagger.train([
 *   { text: 'lunch with Ana in Porto', entities: [{ type: 'PERSON', text: 'Ana' }] },
 *   { tokens: ['call', 'Bruno'], tags: ['O', 'B-PERSON'] },
 *   // … a few hundred more
 * ]);
 * await tagger.tag('dinner with Bruno'); // [{ type: 'PERSON', start: 12, end: 17, text: 'Bruno', score: 0.98 }]
 * await tagger.save('people.safetensors');
 */
export class Tagger extends LearnedModel<TaggerSettings> {
  readonly #encoder: TaggerEncoder;
  readonly #predictor: Predictor;
  readonly #tokenizer: Tokenizer;

  private constructor(model: Model, parts: TaggerParts) {
    super('this Tagger', model, parts);
    this.#encoder = parts.encoder;
    this.#predictor = new Predictor(model, parts.encoder);
    this.#tokenizer = parts.tokenizer;
  }

  /**
   * Trains a new tagger. It ends with the weights of the epoch that was best on `dev`, or, without
   * that, on a tenth of the examples, which the seed chooses and `report.dev` names.
   *
   * @throws DataError when the data is wrong: no entity at all, tags of no known scheme, an empty
   *   sentence, an entity that cuts a token, a type that only occurs in `dev`
   * @throws UsageError (`bad_option`) naming the option, what was given and what was expected
   * @throws CancelledError when the signal is aborted; `onBest` has seen the best tagger so far
   *
   * @example
   * const tagger = await Tagger.train(examples, { epochs: 10, onProgress: ({ epoch, loss }) => console.log(epoch, loss) });
   * tagger.report.dev?.scores.f1; // 0.93
   */
  static async train(examples: TaggedExamples, options: TaggerTrainOptions = {}): Promise<Tagger> {
    checkOptions(options, { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, offsetUnit: OFFSET_UNIT, ...CALLBACKS, engine: ENGINE });
    const { seed = LEARNING_OPTIONS.seed.default, engine, vectors } = options;
    const given = await collectExamples(examples, TRAINING);
    const tokenizer = await loadTokenizer(options.tokenizer ?? tokenizerFor(given));
    const train = readTraining(given, tokenizer, options);
    const labels = labelsOf(train, TRAINING);
    const dev = await readDev(labels, tokenizer, options);
    const data = learningData(train, dev, options);
    const words = data.sentences.flatMap(({ tokens }) => tokens);
    const pretrained = vectors === undefined ? undefined : await readWordVectors(vectors, words);
    const settings = modelSettings(options, tokenizer.config, meanLength(words), pretrained?.dimension);
    const encoder = TaggerEncoder.build(settings, labels, data.sentences);
    const spec = taggerSpec(settings, encoder.sizes, pretrained && vectorInit(pretrained.dimension));
    const model = await Model.create(spec, { seed, ...(engine === undefined ? {} : { engine }) });
    const tagger = new Tagger(model, { settings, encoder, tokenizer, report: NO_REPORT });
    try {
      if (pretrained !== undefined) await setWordVectors(model, encoder.words, pretrained);
      await tagger.exclusively(() => tagger.#learn(data, options));
    } catch (error) {
      tagger.dispose();
      throw error;
    }
    return tagger;
  }

  /**
   * Reads a tagger that was saved: from a path, a URL, bytes, a Blob or a Response.
   *
   * @throws ModelFileError when the file does not exist, is none, is damaged, or holds a model of
   *   another kind or version
   *
   * @example
   * const tagger = await Tagger.load('people.safetensors');
   */
  static async load(source: ModelSource, options: { engine?: Engine } = {}): Promise<Tagger> {
    checkOptions(options, { engine: ENGINE });
    const file = await loadModelFile(source, options);
    try {
      return new Tagger(file.model, await aboutFile(source, () => readTaggerMetadata(file)));
    } catch (error) {
      file.model.dispose();
      throw error;
    }
  }

  /**
   * Goes on training, with a new optimiser, a loaded tagger too. Words that it does not know stay
   * unknown. Ends with the best weights of this training; see {@link train}.
   *
   * @throws DataError (`unknown_label`) for an entity of a type that it was not trained on
   * @throws UsageError (`busy`) while it is training already
   * @throws CancelledError when the signal is aborted; the tagger then has the best weights so far
   */
  async fit(examples: TaggedExamples, options: TaggerFitOptions = {}): Promise<LearningReport> {
    checkOptions(options, { ...LEARNING_OPTIONS, offsetUnit: OFFSET_UNIT, ...CALLBACKS });
    this.use();
    return this.exclusively(async () => {
      const train = readTraining(await collectExamples(examples, TRAINING), this.#tokenizer, options);
      labelsOf(train, TRAINING);
      checkLabels(train, typesOf, this.labels, TRAINING, 'that this tagger knows');
      const dev = await readDev(this.labels, this.#tokenizer, options);
      return this.#learn(learningData(train, dev, options), options);
    });
  }

  #learn(data: LearningData, options: TaggerFitOptions): Promise<LearningReport> {
    const parts = { encoder: this.#encoder, predictor: this.#predictor, settings: this.settings };
    return this.learn(taggingTask(parts, data, options.signal), options);
  }

  /**
   * Tags examples whose entities are known, and counts. An entity is right when both its borders and
   * its type are.
   *
   * @throws DataError as `train` does
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const { f1, precision, recall, types } = await tagger.evaluate(test);
   */
  async evaluate(examples: TaggedExamples, options: TaggerEvaluateOptions = {}): Promise<TaggerEvaluation> {
    checkOptions(options, { ...EVALUATE_OPTIONS, signal: SIGNAL });
    const { mode, offsetUnit = OFFSET_UNIT.default, signal } = options;
    this.use();
    const what = 'evaluation data';
    const documents = readDocuments(await collectExamples(examples, what), {
      tokenizer: this.#tokenizer, offsetUnit, what, strict: mode === 'strict',
    });
    return evaluateDocuments(this.#predictor, this.#encoder, this.settings.scheme, documents, signal);
  }

  /**
   * Finds the entities of a text of any length, with offsets in that text: `text.slice(start, end)`
   * is what an entity covers. `score` is the exact probability, under the CRF, that just this span is
   * an entity of just this type.
   *
   * Given tokens, which are taken as one sentence, offsets count tokens.
   *
   * @throws UsageError (`bad_input`)
   */
  tagSync(input: TextInput): Entity[] {
    return this.tagBatchSync([input])[0] ?? [];
  }

  /** See {@link tagSync}. */
  async tag(input: TextInput): Promise<Entity[]> {
    return this.tagSync(input);
  }

  /** The entities of each of several texts, faster than one by one; see {@link tagSync}. */
  tagBatchSync(inputs: readonly TextInput[]): Entity[][] {
    this.use();
    const documents = this.#documents(inputs);
    const collector = new EntityCollector(documents, this.#encoder.tags);
    this.#predictor.runSync('predict', documents, collector.visit);
    return collector.entities();
  }

  /**
   * See {@link tagBatchSync}; leaves the event loop turns in between.
   *
   * @throws CancelledError when the signal is aborted
   */
  async tagBatch(inputs: readonly TextInput[], options: { signal?: AbortSignal } = {}): Promise<Entity[][]> {
    checkOptions(options, { signal: SIGNAL });
    this.use();
    const documents = this.#documents(inputs);
    const collector = new EntityCollector(documents, this.#encoder.tags);
    await this.#predictor.run('predict', documents, collector.visit, options.signal);
    return collector.entities();
  }

  /** The probability of every tag at every token. */
  marginalsSync(input: TextInput): TaggerMarginals {
    this.use();
    const document = TextDocument.from(input, this.#tokenizer);
    const collector = new MarginalCollector(document, this.#encoder.tags);
    this.#predictor.runSync('predict', [document], collector.visit);
    return collector.marginals();
  }

  /** See {@link marginalsSync}. */
  async marginals(input: TextInput): Promise<TaggerMarginals> {
    return this.marginalsSync(input);
  }

  /**
   * The `n` most probable ways (default 5, at most 1000) to tag a text as a whole, the best first; fewer where there
   * are not as many.
   *
   * @throws UsageError (`bad_input`, `bad_option`)
   *
   * @example
   * const [best, second] = await tagger.nBest('call May in May', { n: 2 });
   * best.probability; // 0.71
   */
  nBestSync(input: TextInput, options: { n?: number } = {}): TaggerReading[] {
    checkOptions(options, N_BEST_OPTIONS);
    const { n = N_BEST_OPTIONS.n.default } = options;
    const document = TextDocument.from(input, this.#tokenizer);
    this.use().addEntrySync(N_BEST, nBestEntry(this.settings, this.#encoder.sizes, n));
    const collector = new ReadingCollector(document, this.#encoder.tags, this.settings.scheme, n);
    this.#predictor.runSync(N_BEST, [document], collector.visit);
    return collector.readings();
  }

  /** See {@link nBestSync}. */
  async nBest(input: TextInput, options: { n?: number } = {}): Promise<TaggerReading[]> {
    return this.nBestSync(input, options);
  }

  /** Types of the entities that it finds. */
  get labels(): readonly string[] {
    return this.#encoder.labels;
  }

  protected metadata(): ModelMetadata {
    return taggerMetadata({ settings: this.settings, encoder: this.#encoder, report: this.report });
  }

  #documents(inputs: readonly TextInput[]): TextDocument[] {
    if (!Array.isArray(inputs)) throw UsageError.option('inputs', inputs, 'an array of texts, or of arrays of tokens');
    return inputs.map((input) => TextDocument.from(input, this.#tokenizer));
  }
}

function readTraining(
  examples: readonly TaggedExample[],
  tokenizer: Tokenizer,
  { offsetUnit = OFFSET_UNIT.default }: TaggerFitOptions,
): LabelledDocument[] {
  return readDocuments(examples, { tokenizer, offsetUnit, what: TRAINING });
}

/** @throws DataError (`unknown_label`) for a type that is not among the labels */
async function readDev(
  labels: readonly string[],
  tokenizer: Tokenizer,
  { dev, offsetUnit = OFFSET_UNIT.default }: TaggerFitOptions,
): Promise<LabelledDocument[] | undefined> {
  if (dev === undefined) return undefined;
  const what = 'development data';
  const documents = readDocuments(await collectExamples(dev, what), { tokenizer, offsetUnit, what });
  checkLabels(documents, typesOf, labels, what, 'of the training data');
  return documents;
}
