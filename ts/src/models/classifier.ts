/** Classifiers: they learn from labelled texts to label new ones. */

import type { Engine } from '../engine.js';
import { describe, UnsupportedError, UsageError } from '../errors.js';
import { aboutFile, loadModelFile, type ModelMetadata, type ModelSource } from '../io/modelFile.js';
import { loadTokenizer, type Tokenizer } from '../text/tokenizer.js';
import { Model } from '../training/model.js';
import {
  classificationOf,
  ProbabilityCollector,
  WeightCollector,
  type Classification,
  type Decision,
  type Explanation,
} from './classifier/classification.js';
import { crossValidate, type CrossValidation, type CrossValidationOptions } from './classifier/crossValidation.js';
import { ClassifierEncoder } from './classifier/encoder.js';
import { evaluateTexts, type ClassifierEvaluation } from './classifier/evaluation.js';
import { classifierMetadata, readClassifierMetadata, type ClassifierParts } from './classifier/file.js';
import { classifierSpec, setLevels } from './classifier/graph.js';
import { decideLabels, labelsOf, weightsOf } from './classifier/labels.js';
import { kindOf, readLabelled, type LabelledText } from './classifier/labelled.js';
import { classificationTask, learningData } from './classifier/learning.js';
import {
  givenTokenizer,
  LEARNING_OPTIONS,
  MODEL_OPTIONS,
  modelSettings,
  SETTINGS_OPTIONS,
  type ClassifierExamples,
  type ClassifierFitOptions,
  type ClassifierSettings,
  type ClassifierTrainOptions,
} from './classifier/options.js';
import { LearnedModel } from './learned.js';
import { CALLBACKS, ENGINE, SIGNAL } from './learning/options.js';
import { NO_REPORT, type LearningReport } from './learning/report.js';
import type { LearningData } from './learning/split.js';
import { checkOptions } from './option.js';
import { TextDocument, type TextInput } from './text/document.js';
import { buildVocabularies } from './text/encoder.js';
import { collectExamples, isIterable, tokenizerFor } from './text/examples.js';
import { vectorInit } from './text/graph.js';
import { checkLabels } from './text/labels.js';
import { Predictor } from './text/prediction.js';
import { batched } from './text/stream.js';
import { readWordVectors, setWordVectors } from './text/vectors.js';
import { WholeDocument } from './text/whole.js';

/** What messages call it. */
const TRAINING = 'training data';
/** Texts of a stream that are read together. */
const STREAM_BATCH = 64;

/** What all that stops can be told. */
interface SignalOptions {
  /** Stops the work; the promise then rejects with a CancelledError. */
  signal?: AbortSignal;
}

/**
 * Labels texts: a recurrent network, bidirectional by itself, whose states are pooled into one vector.
 * Topics, intents, spam, sentiment; one label a text, several, or levels in an order.
 *
 * Every method that computes returns a promise; those with `Sync` at the end compute at once.
 *
 * @example
 * const classifier = await Classifier.train([
 *   { text: 'Win a free cruise!', label: 'spam' },
 *   { text: 'lunch at noon?', label: 'ham' },
 *   // … a few hundred more
 * ]);
 * await classifier.classify('You win a car'); // { label: 'spam', score: 0.97, labels: [{ label: 'spam', score: 0.97 }, …] }
 * await classifier.save('spam.safetensors');
 */
export class Classifier<L extends string = string> extends LearnedModel<ClassifierSettings> {
  readonly #encoder: ClassifierEncoder;
  readonly #predictor: Predictor;
  readonly #tokenizer: Tokenizer;

  private constructor(model: Model, parts: ClassifierParts) {
    super('this Classifier', model, parts);
    this.#encoder = parts.encoder;
    this.#predictor = new Predictor(model, parts.encoder);
    this.#tokenizer = parts.tokenizer;
  }

  /**
   * Trains a new classifier. It ends with the weights of the epoch that was best on `dev`, or, without
   * that, on a tenth of the examples, which the seed chooses and `report.dev` names. With `holdOut: 0`
   * every example is learnt from, and the last epoch kept.
   *
   * @throws DataError when the data is wrong: fewer than two labels, a label that only occurs in `dev`,
   *   an example without a label
   * @throws UsageError (`bad_option`) naming the option, what was given and what was expected
   * @throws CancelledError when the signal is aborted; `onBest` has seen the best classifier so far
   *
   * @example
   * const classifier = await Classifier.train(examples, { epochs: 10, onProgress: ({ epoch, loss }) => console.log(epoch, loss) });
   * classifier.report.dev?.scores.accuracy; // 0.93
   */
  static async train<const L extends string = string>(
    examples: ClassifierExamples<L>,
    options: ClassifierTrainOptions<NoInfer<L>> & { readonly labels?: readonly L[] } = {},
  ): Promise<Classifier<L>> {
    checkOptions(options, { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, ...CALLBACKS, engine: ENGINE });
    const { seed = LEARNING_OPTIONS.seed.default, engine, vectors } = options;
    const given = await collectExamples(examples, TRAINING);
    const kind = options.kind ?? kindOf(given);
    const tokenizer = await loadTokenizer(givenTokenizer(options) ?? tokenizerFor(given));
    const { maxTokens = SETTINGS_OPTIONS.maxTokens.default } = options;
    const reading = { tokenizer, kind, maxTokens };
    const train = readLabelled(given, { ...reading, what: TRAINING });
    const labels = decideLabels(train, kind, options.labels, TRAINING);
    const data = learningData(train, await readDev(options.dev, labels, reading), options);
    const sentences = data.train.map(({ document }) => document.words());
    const pretrained = vectors === undefined ? undefined : await readWordVectors(vectors, sentences.flat());
    const settings = modelSettings(options, kind, tokenizer.config, pretrained?.dimension);
    const encoder = new ClassifierEncoder(settings, labels, buildVocabularies(settings, sentences));
    const weights = weightsOf(settings, labels, data.train);
    const spec = classifierSpec(settings, encoder.sizes, weights, pretrained && vectorInit(pretrained.dimension));
    const model = await Model.create(spec, { seed, ...(engine === undefined ? {} : { engine }) });
    const classifier = new Classifier<L>(model, { settings, encoder, tokenizer, report: NO_REPORT });
    try {
      if (pretrained !== undefined) await setWordVectors(model, encoder.words, pretrained);
      if (kind === 'ordinal') await setLevels(model, labels.length);
      await classifier.exclusively(() => classifier.#learn(data, options));
    } catch (error) {
      classifier.dispose();
      throw error;
    }
    return classifier;
  }

  /**
   * Trains and evaluates one classifier for each of several parts of the examples, on all others and on
   * that part: what a classifier of these options can be expected to do. The parts are stratified.
   *
   * @throws as {@link train}, and UsageError (`bad_option`) for more folds than examples
   *
   * @example
   * const { mean, sd } = await Classifier.crossValidate(examples, { folds: 5, epochs: 10 });
   * `${mean.accuracy} ± ${sd.accuracy}`;
   */
  static async crossValidate<const L extends string = string>(
    examples: ClassifierExamples<L>,
    options: CrossValidationOptions<NoInfer<L>> & { readonly labels?: readonly L[] } = {},
  ): Promise<CrossValidation> {
    return crossValidate(examples, options, Classifier.train<L>);
  }

  /**
   * Reads a classifier that was saved: from a path, a URL, bytes, a Blob or a Response.
   *
   * @throws ModelFileError when the file does not exist, is none, is damaged, or holds a model of
   *   another kind or version
   *
   * @example
   * const classifier = await Classifier.load<'spam' | 'ham'>('spam.safetensors');
   */
  static async load<L extends string = string>(source: ModelSource, options: { engine?: Engine } = {}): Promise<Classifier<L>> {
    checkOptions(options, { engine: ENGINE });
    const file = await loadModelFile(source, options);
    try {
      return new Classifier<L>(file.model, await aboutFile(source, () => readClassifierMetadata(file)));
    } catch (error) {
      file.model.dispose();
      throw error;
    }
  }

  /**
   * Goes on training, with a new optimiser, a loaded classifier too. Words that it does not know stay
   * unknown, and classes count what they did. Ends with the best weights of this training; see
   * {@link train}.
   *
   * @throws DataError (`unknown_label`) for a label that it was not trained on
   * @throws UsageError (`busy`) while it is training already
   * @throws CancelledError when the signal is aborted; the classifier then has the best weights so far
   */
  async fit(examples: ClassifierExamples<L>, options: ClassifierFitOptions<L> = {}): Promise<LearningReport> {
    checkOptions(options, { ...LEARNING_OPTIONS, ...CALLBACKS });
    this.use();
    return this.exclusively(async () => {
      const train = readLabelled(await collectExamples(examples, TRAINING), { ...this.#reading, what: TRAINING });
      checkLabels(train, labelsOf, this.labels, TRAINING, 'that this classifier knows');
      return this.#learn(learningData(train, await readDev(options.dev, this.labels, this.#reading), options), options);
    });
  }

  #learn(data: LearningData<LabelledText>, options: ClassifierFitOptions<L>): Promise<LearningReport> {
    const parts = { encoder: this.#encoder, predictor: this.#predictor, decision: this.#decision };
    return this.learn(classificationTask(parts, data, options), options);
  }

  /**
   * Classifies examples whose labels are known, and counts.
   *
   * @throws DataError as `train` does
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const { accuracy, macroF1, confusion } = await classifier.evaluate(test);
   */
  async evaluate(examples: ClassifierExamples<L>, options: SignalOptions = {}): Promise<ClassifierEvaluation> {
    checkOptions(options, { signal: SIGNAL });
    this.use();
    const what = 'evaluation data';
    const texts = readLabelled(await collectExamples(examples, what), { ...this.#reading, what });
    checkLabels(texts, labelsOf, this.labels, what, 'that this classifier knows');
    return evaluateTexts(this.#predictor, this.#decision, texts, options.signal);
  }

  /**
   * The label of a text with its probability, and those of the other labels. A text without a token is
   * classified, too, as one unknown word; of a long one the first `maxTokens` tokens are read.
   *
   * @throws UsageError (`bad_input`)
   *
   * @example
   * const { label, score } = await classifier.classify('You win a car');
   */
  async classify(text: TextInput): Promise<Classification<L>> {
    return this.classifySync(text);
  }

  /** See {@link classify}. */
  classifySync(text: TextInput): Classification<L> {
    return this.classifyBatchSync([text])[0] as Classification<L>;
  }

  /**
   * The labels of each of several texts, faster than one by one; leaves the event loop turns in between.
   *
   * @throws UsageError (`bad_input`)
   * @throws CancelledError when the signal is aborted
   */
  async classifyBatch(texts: readonly TextInput[], options: SignalOptions = {}): Promise<Classification<L>[]> {
    checkOptions(options, { signal: SIGNAL });
    this.use();
    const collector = new ProbabilityCollector();
    await this.#predictor.run('predict', this.#documents(texts), collector.visit, options.signal);
    return this.#classifications(collector);
  }

  /** See {@link classifyBatch}. */
  classifyBatchSync(texts: readonly TextInput[]): Classification<L>[] {
    this.use();
    const collector = new ProbabilityCollector();
    this.#predictor.runSync('predict', this.#documents(texts), collector.visit);
    return this.#classifications(collector);
  }

  /**
   * The labels of texts that come one after another, in their order, as they come. Texts that are there
   * already are classified together; no more are asked for than are wanted soon.
   *
   * @throws UsageError (`bad_input`)
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * for await (const { label } of classifier.classifyStream(lines)) console.log(label);
   */
  async *classifyStream(
    texts: Iterable<TextInput> | AsyncIterable<TextInput>,
    options: SignalOptions = {},
  ): AsyncGenerator<Classification<L>, void, undefined> {
    if (!isIterable(texts)) {
      throw new UsageError(`expected an array or an async iterable of texts, given ${describe(texts)}`, { code: 'bad_input' });
    }
    for await (const batch of batched(texts, STREAM_BATCH)) yield* await this.classifyBatch(batch, options);
  }

  /**
   * What each token counted for, where pooling is attention: its weight in the vector that the labels are
   * told from. Weights say where the model looked, not why it decided.
   *
   * @throws UnsupportedError (`no_attention`) where pooling is another
   * @throws UsageError (`bad_input`)
   *
   * @example
   * const { label, tokens } = await classifier.explain('You win a car');
   * tokens[1]; // { text: 'win', start: 4, end: 7, weight: 0.81 }
   */
  async explain(text: TextInput): Promise<Explanation<L>> {
    return this.explainSync(text);
  }

  /** See {@link explain}. */
  explainSync(text: TextInput): Explanation<L> {
    this.use();
    const { pooling } = this.settings;
    if (pooling !== 'attention') {
      throw new UnsupportedError(`explain needs a classifier with pooling: 'attention'; this one has ${pooling}`, { code: 'no_attention' });
    }
    const documents = this.#documents([text]);
    const [probabilities, weights] = [new ProbabilityCollector(), new WeightCollector()];
    this.#predictor.runSync('explain', documents, (...seen) => {
      probabilities.visit(...seen);
      weights.visit(...seen);
    });
    const [classification] = this.#classifications(probabilities);
    return { ...(classification as Classification<L>), tokens: weights.tokens(documents[0] as WholeDocument) };
  }

  /** Its labels, in the order of their ids. */
  get labels(): readonly L[] {
    return this.#encoder.labels as readonly L[];
  }

  protected metadata(): ModelMetadata {
    return classifierMetadata({ settings: this.settings, encoder: this.#encoder, report: this.report });
  }

  get #decision(): Decision {
    return { labels: this.labels, settings: this.settings };
  }

  get #reading(): { tokenizer: Tokenizer; kind: ClassifierSettings['kind']; maxTokens: number } {
    const { kind, maxTokens } = this.settings;
    return { tokenizer: this.#tokenizer, kind, maxTokens };
  }

  #documents(texts: readonly TextInput[]): WholeDocument[] {
    if (!Array.isArray(texts)) throw UsageError.option('texts', texts, 'an array of texts, or of arrays of tokens');
    return texts.map((text) => new WholeDocument(TextDocument.from(text, this.#tokenizer), this.settings.maxTokens));
  }

  #classifications({ rows }: ProbabilityCollector): Classification<L>[] {
    return rows.map((row) => classificationOf<L>(row, this.#decision));
  }
}

/** @throws DataError (`unknown_label`) for a label that is not among the labels */
async function readDev(
  dev: ClassifierExamples | undefined,
  labels: readonly string[],
  reading: { tokenizer: Tokenizer; kind: ClassifierSettings['kind']; maxTokens: number },
): Promise<LabelledText[] | undefined> {
  if (dev === undefined) return undefined;
  const what = 'development data';
  const texts = readLabelled(await collectExamples(dev, what), { ...reading, what });
  checkLabels(texts, labelsOf, labels, what, 'of the training data');
  return texts;
}
