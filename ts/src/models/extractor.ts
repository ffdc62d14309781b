/** Extractors: they learn what requests want, and to take the details out of them. */

import type { RequestExample } from '../data/example.js';
import { UsageError } from '../errors.js';
import { aboutFile, loadModelFile, type ModelMetadata, type ModelSource } from '../io/modelFile.js';
import type { OffsetUnit } from '../text/offsets.js';
import { loadTokenizer, type Tokenizer } from '../text/tokenizer.js';
import { Model } from '../training/model.js';
import { ExtractorEncoder } from './extractor/encoder.js';
import { evaluateRequests, type ExtractorEvaluation } from './extractor/evaluation.js';
import { ExtractionCollector, type Extraction } from './extractor/extraction.js';
import { extractorMetadata, readExtractorMetadata, type ExtractorParts } from './extractor/file.js';
import { extractorSpec } from './extractor/graph.js';
import { intentsOf, partsOf, readLabelledRequests, slotTypesOf, typesIn, type LabelledRequest } from './extractor/labelled.js';
import { extractionTask, learningData } from './extractor/learning.js';
import {
  LEARNING_OPTIONS,
  MODEL_OPTIONS,
  modelSettings,
  NORMALISERS,
  type ExtractorFitOptions,
  type ExtractorLoadOptions,
  type ExtractorSettings,
  type ExtractorTrainOptions,
} from './extractor/options.js';
import { RecordBuilder, type ExtractedSpan, type Normalisers } from './extractor/record.js';
import { RequestDocument } from './extractor/request.js';
import type { IntentOf, RecordOf, SlotOf, Slots, Verbatim } from './extractor/types.js';
import { LearnedModel } from './learned.js';
import { CALLBACKS, ENGINE, SIGNAL } from './learning/options.js';
import { NO_REPORT, type LearningReport } from './learning/report.js';
import type { LearningData } from './learning/split.js';
import { checkOptions } from './option.js';
import { OFFSET_UNIT } from './tagger/options.js';
import type { TextInput } from './text/document.js';
import { buildVocabularies } from './text/encoder.js';
import { collectExamples, meanLength, tokenizerFor, type Examples } from './text/examples.js';
import { vectorInit } from './text/graph.js';
import { checkLabels } from './text/labels.js';
import { Predictor } from './text/prediction.js';
import { readWordVectors, setWordVectors } from './text/vectors.js';

/** Options of `evaluate`. */
export interface ExtractorEvaluateOptions {
  /** What the offsets of entities in texts count. Default `utf16`. */
  offsetUnit?: OffsetUnit;
  /** Stops the evaluation. */
  signal?: AbortSignal;
}

/** Options of `evaluate` as data. */
export const EVALUATE_OPTIONS = { offsetUnit: OFFSET_UNIT };
/** What messages call it. */
const TRAINING = 'training data';

/**
 * Takes requests apart: what is wanted (the intent), and the details (the slots), as a record whose
 * values your own functions may make of the words. One bidirectional recurrent network reads the
 * request; what it says, pooled, is classified, and a CRF marks the slots; both are learnt at once
 * (joint intent detection and slot filling: Zhang and Wang 2016, Liu and Lane 2016).
 *
 * A slot has many values, as an array, unless `slots` says that it has `'one'`: then the most probable,
 * or null. Every slot is in every record, under its type in lower case.
 *
 * Every method that computes returns a promise; those with `Sync` at the end compute at once.
 *
 * @typeParam I the intents
 * @typeParam R the records
 *
 * @example
 * const extractor = await Extractor.train(
 *   [
 *     { text: 'lunch with Ana on Friday', intent: 'create', entities: [{ type: 'PERSON', text: 'Ana' }, { type: 'DATE', text: 'Friday' }] },
 *     { text: 'what is on tomorrow', intent: 'ask', entities: [{ type: 'DATE', text: 'tomorrow' }] },
 *     // … a few hundred more
 *   ],
 *   { slots: { DATE: 'one' }, normalisers: { DATE: (text) => dateOf(text) } },
 * );
 * const { intent, record } = await extractor.extract('dinner with Bruno tomorrow');
 * // 'create', { person: ['Bruno'], date: Date(…) }
 */
export class Extractor<I extends string = string, R = { [slot: string]: unknown }> extends LearnedModel<ExtractorSettings> {
  readonly #encoder: ExtractorEncoder;
  readonly #predictor: Predictor;
  readonly #tokenizer: Tokenizer;
  readonly #records: RecordBuilder;

  private constructor(model: Model, parts: ExtractorParts, normalisers: Normalisers) {
    super('this Extractor', model, parts);
    this.#encoder = parts.encoder;
    this.#predictor = new Predictor(model, parts.encoder);
    this.#tokenizer = parts.tokenizer;
    this.#records = new RecordBuilder(parts.settings.slots, normalisers);
  }

  /**
   * Trains a new extractor. It ends with the weights of the epoch that had most records right on `dev`,
   * or, without that, on a tenth of the examples, which the seed chooses and `report.dev` names. Of some
   * examples only the intent may be known, or only the entities.
   *
   * @throws DataError when the data is wrong: fewer than two intents, no entity at all, an empty text,
   *   an entity that cuts a token, an intent or a type that only occurs in `dev`
   * @throws UsageError (`bad_option`) naming the option, what was given and what was expected
   * @throws CancelledError when the signal is aborted; `onBest` has seen the best extractor so far
   *
   * @example
   * const extractor = await Extractor.train(examples, { epochs: 10, slots: { DATE: 'one' } });
   * extractor.report.dev?.scores.recordAccuracy; // 0.87
   */
  static async train<
    const E extends RequestExample,
    const S extends Slots = Record<never, never>,
    N extends Normalisers = Verbatim,
  >(
    examples: Examples<E>,
    options: ExtractorTrainOptions<S, N> = {},
  ): Promise<Extractor<IntentOf<E>, RecordOf<SlotOf<E>, S, N>>> {
    const known = { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, offsetUnit: OFFSET_UNIT, ...CALLBACKS, engine: ENGINE };
    checkOptions(options, { ...known, normalisers: NORMALISERS });
    const { seed = LEARNING_OPTIONS.seed.default, engine, vectors, normalisers = {} } = options;
    const given = await collectExamples<RequestExample>(examples, TRAINING);
    const tokenizer = await loadTokenizer(options.tokenizer ?? tokenizerFor(given));
    const train = readTraining(given, tokenizer, options);
    const labels = slotTypesOf(train, TRAINING);
    const intents = intentsOf(train, TRAINING);
    const dev = await readDev({ labels, intents }, tokenizer, options);
    const data = learningData(train, dev, options);
    const sentences = partsOf(data.train).map(({ tokens }) => tokens);
    const words = sentences.flat();
    const pretrained = vectors === undefined ? undefined : await readWordVectors(vectors, words);
    const settings = modelSettings(options, labels, tokenizer.config, meanLength(words), pretrained?.dimension);
    const encoder = new ExtractorEncoder(settings, labels, intents, buildVocabularies(settings, sentences));
    const spec = extractorSpec(settings, encoder.sizes, pretrained && vectorInit(pretrained.dimension));
    const model = await Model.create(spec, { seed, ...(engine === undefined ? {} : { engine }) });
    try {
      const parts = { settings, encoder, tokenizer, report: NO_REPORT };
      const extractor = new Extractor<IntentOf<E>, RecordOf<SlotOf<E>, S, N>>(model, parts, normalisers);
      if (pretrained !== undefined) await setWordVectors(model, encoder.words, pretrained);
      await extractor.exclusively(() => extractor.#learn(data, options));
      return extractor;
    } catch (error) {
      model.dispose();
      throw error;
    }
  }

  /**
   * Reads an extractor that was saved: from a path, a URL, bytes, a Blob or a Response. Its normalisers
   * are functions, which are not in the file.
   *
   * @typeParam I the intents, if you want them as literals
   * @typeParam R the records, if you know them
   * @throws ModelFileError when the file does not exist, is none, is damaged, or holds a model of
   *   another kind or version
   *
   * @example
   * const extractor = await Extractor.load('calendar.safetensors', { normalisers: { DATE: (text) => dateOf(text) } });
   */
  static async load<I extends string = string, R = { [slot: string]: unknown }>(
    source: ModelSource,
    options: ExtractorLoadOptions = {},
  ): Promise<Extractor<I, R>> {
    checkOptions(options, { engine: ENGINE, normalisers: NORMALISERS });
    const { normalisers = {}, ...where } = options;
    const file = await loadModelFile(source, where);
    try {
      const parts = await aboutFile(source, () => readExtractorMetadata(file));
      return new Extractor<I, R>(file.model, parts, normalisers);
    } catch (error) {
      file.model.dispose();
      throw error;
    }
  }

  /**
   * Goes on training, with a new optimiser, a loaded extractor too. Words that it does not know stay
   * unknown. Ends with the best weights of this training; see {@link train}.
   *
   * @throws DataError (`unknown_label`) for an intent or a slot that it was not trained on
   * @throws UsageError (`busy`) while it is training already
   * @throws CancelledError when the signal is aborted; the extractor then has the best weights so far
   */
  async fit(examples: Examples<RequestExample>, options: ExtractorFitOptions = {}): Promise<LearningReport> {
    checkOptions(options, { ...LEARNING_OPTIONS, offsetUnit: OFFSET_UNIT, ...CALLBACKS });
    this.use();
    return this.exclusively(async () => {
      const train = readTraining(await collectExamples(examples, TRAINING), this.#tokenizer, options);
      checkKnown(train, this, TRAINING, 'that this extractor knows');
      const dev = await readDev(this, this.#tokenizer, options);
      return this.#learn(learningData(train, dev, options), options);
    });
  }

  #learn(data: LearningData<LabelledRequest>, options: ExtractorFitOptions): Promise<LearningReport> {
    const parts = { encoder: this.#encoder, predictor: this.#predictor, settings: this.settings };
    const { onBest, ...rest } = options;
    const told = onBest && (() => onBest(this as unknown as Extractor));
    return this.learn(extractionTask(parts, data, options.signal), { ...rest, ...(told && { onBest: told }) });
  }

  /**
   * Extracts from examples of which the intent, the entities or both are known, and counts. Records are
   * compared by the values that the normalisers make.
   *
   * @throws DataError as `train` does
   * @throws OstinatoError (`normaliser_failed`) as `extract` does, and for a value that JSON cannot have
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const { intentAccuracy, slotF1, recordAccuracy } = await extractor.evaluate(test);
   */
  async evaluate(examples: Examples<RequestExample>, options: ExtractorEvaluateOptions = {}): Promise<ExtractorEvaluation> {
    checkOptions(options, { ...EVALUATE_OPTIONS, signal: SIGNAL });
    const { offsetUnit = OFFSET_UNIT.default, signal } = options;
    this.use();
    const what = 'evaluation data';
    const requests = readLabelledRequests(await collectExamples(examples, what), { tokenizer: this.#tokenizer, offsetUnit, what });
    const parts = { encoder: this.#encoder, predictor: this.#predictor, settings: this.settings, builder: this.#records };
    return evaluateRequests(parts, requests, signal);
  }

  /**
   * The intent of a text, and its slots. Spans have offsets in that text: `text.slice(start, end)` is
   * what a span covers; given tokens, they count tokens.
   *
   * @throws UsageError (`bad_input`), or (`async_normaliser`) where a normaliser answers with a promise
   * @throws OstinatoError (`normaliser_failed`) naming the slot, with what the normaliser threw as cause
   *
   * @example
   * const { intent, score, intents, record, spans } = extractor.extractSync('lunch with Ana tomorrow');
   */
  extractSync(input: TextInput): Extraction<I, R> {
    return this.extractBatchSync([input])[0] as Extraction<I, R>;
  }

  /** See {@link extractSync}; waits for normalisers. */
  async extract(input: TextInput): Promise<Extraction<I, R>> {
    const [extraction] = await this.extractBatch([input]);
    return extraction as Extraction<I, R>;
  }

  /** What is in each of several texts, faster than one by one; see {@link extractSync}. */
  extractBatchSync(inputs: readonly TextInput[]): Extraction<I, R>[] {
    this.use();
    const requests = this.#requests(inputs);
    const found = new ExtractionCollector(requests, this.#encoder);
    this.#predictor.runSync('predict', requests, found.visit);
    return requests.map(({ document }, index) => {
      const intents = found.intents(index);
      const spans = this.#records.valuesSync(document.input, intents[0]?.label ?? '', found.entities(index));
      return this.#extraction(intents, spans);
    });
  }

  /**
   * See {@link extractBatchSync}; waits for normalisers, and leaves the event loop turns in between.
   *
   * @throws CancelledError when the signal is aborted
   */
  async extractBatch(inputs: readonly TextInput[], options: { signal?: AbortSignal } = {}): Promise<Extraction<I, R>[]> {
    checkOptions(options, { signal: SIGNAL });
    this.use();
    const requests = this.#requests(inputs);
    const found = new ExtractionCollector(requests, this.#encoder);
    await this.#predictor.run('predict', requests, found.visit, options.signal);
    return Promise.all(
      requests.map(async ({ document }, index) => {
        const intents = found.intents(index);
        const spans = await this.#records.values(document.input, intents[0]?.label ?? '', found.entities(index));
        return this.#extraction(intents, spans);
      }),
    );
  }

  #extraction(intents: Extraction['intents'], spans: ExtractedSpan[]): Extraction<I, R> {
    const { label = '', score = NaN } = intents[0] ?? {};
    return { intent: label, score, intents, record: this.#records.record(spans), spans } as Extraction<I, R>;
  }

  /** What requests may want. */
  get intents(): readonly I[] {
    return this.#encoder.intents as readonly I[];
  }

  /** Types of the slots. */
  get labels(): readonly string[] {
    return this.#encoder.labels;
  }

  protected metadata(): ModelMetadata {
    return extractorMetadata({ settings: this.settings, encoder: this.#encoder, report: this.report });
  }

  #requests(inputs: readonly TextInput[]): RequestDocument[] {
    if (!Array.isArray(inputs)) throw UsageError.option('inputs', inputs, 'an array of texts, or of arrays of tokens');
    return inputs.map((input) => RequestDocument.from(input, this.#tokenizer));
  }
}

/** What an extractor can tell apart. */
interface Known {
  readonly labels: readonly string[];
  readonly intents: readonly string[];
}

function readTraining(
  examples: readonly RequestExample[],
  tokenizer: Tokenizer,
  { offsetUnit = OFFSET_UNIT.default }: ExtractorFitOptions,
): LabelledRequest[] {
  return readLabelledRequests(examples, { tokenizer, offsetUnit, what: TRAINING });
}

/** @throws DataError (`unknown_label`) for an intent or a type that is not known */
async function readDev(
  known: Known,
  tokenizer: Tokenizer,
  { dev, offsetUnit = OFFSET_UNIT.default }: ExtractorFitOptions,
): Promise<LabelledRequest[] | undefined> {
  if (dev === undefined) return undefined;
  const what = 'development data';
  const requests = readLabelledRequests(await collectExamples(dev, what), { tokenizer, offsetUnit, what });
  checkKnown(requests, known, what, 'of the training data');
  return requests;
}

function checkKnown(requests: readonly LabelledRequest[], { labels, intents }: Known, what: string, expected: string): void {
  checkLabels(requests, typesIn, labels, what, expected);
  checkLabels(requests, ({ intent }) => (intent === undefined ? [] : [intent]), intents, `${what}, intents`, expected);
}
