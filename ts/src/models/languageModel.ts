/** Language models: they learn from text what comes next. */

import type { Engine } from '../engine.js';
import { CancelledError } from '../errors.js';
import { beamSearch } from '../generation/beamSearch.js';
import type { BeamHypothesis } from '../generation/beams.js';
import type { GeneratedPiece, GenerationEnd } from '../generation/draft.js';
import { generate, generateTexts, type GeneratedText } from '../generation/generate.js';
import type { PromptedLanguage } from '../generation/nextTokens.js';
import { BEAM_SEARCH_OPTIONS, GENERATION_OPTIONS, type BeamSearchOptions, type GenerationOptions } from '../generation/options.js';
import { aboutFile, loadModelFile, type ModelMetadata, type ModelSource } from '../io/modelFile.js';
import type { Vocabulary } from '../text/vocabulary.js';
import { Model, type Snapshot } from '../training/model.js';
import { cutterFor, type Cutter } from './language/cutter.js';
import { promptedLanguage } from './language/prompt.js';
import { TextReader } from './language/reader.js';
import type { TextScore } from './language/score.js';
import { collectTexts, type CollectedTexts, type LanguageTexts } from './language/texts.js';
import { dynamicSettings, readingSettings, type DynamicOptions, type TextReadingOptions, type TextReadingSettings } from './languageModel/adapting.js';
import { holdOutEnd, nothingToRead, type DividedTexts } from './languageModel/corpus.js';
import { evaluateTexts, scoreText, type LanguageModelEvaluation } from './languageModel/evaluation.js';
import { languageModelMetadata, readLanguageModelMetadata, type LanguageModelFileParts } from './languageModel/file.js';
import { languageModelSpec } from './languageModel/graph.js';
import { languageTask, type LanguageParts } from './languageModel/learning.js';
import { LanguageNext } from './languageModel/next.js';
import {
  LEARNING_OPTIONS,
  MODEL_OPTIONS,
  modelSettings,
  type LanguageModelFitOptions,
  type LanguageModelSettings,
  type LanguageModelTrainOptions,
} from './languageModel/options.js';
import { LearnedModel } from './learned.js';
import { CALLBACKS, ENGINE, SIGNAL } from './learning/options.js';
import { NO_REPORT, type LearningReport } from './learning/report.js';
import { checkOptions } from './option.js';

/** What messages call them. */
const TRAINING = 'training text';
const DEVELOPMENT = 'development text';

/** What all that stops can be told. */
interface SignalOptions {
  /** Stops the work; the promise then rejects with a CancelledError. */
  signal?: AbortSignal;
}

/**
 * Learns from text what comes next, character by character or word by word: to say how probable a text
 * is, where it surprises, and how it may go on.
 *
 * The text is cut into parallel streams, which are read piece by piece, with the state of the network
 * kept from each piece to the next; gradients go back to the start of a piece (truncated backpropagation
 * through time: Williams & Peng 1990, Mikolov et al. 2010), and are scaled down to `clipNorm` (Pascanu et
 * al. 2013).
 *
 * A string is a running text, such as a book; an array holds texts that each have an end, such as
 * messages, and the model learns to end them. Characters or words that it has not learnt are read as one
 * unknown token, and never generated.
 *
 * @example
 * const model = await LanguageModel.train(await readFile('shakespeare.txt', 'utf8'));
 * await model.generate('ROMEO:', { temperature: 0.8, maxTokens: 300 });
 * const { perplexity, tokens } = await model.score('To be or not to be');
 * tokens[3]; // { text: 'b', start: 3, end: 4, logProb: -2.7, surprisal: 3.9 }
 * await model.save('shakespeare.safetensors');
 */
export class LanguageModel extends LearnedModel<LanguageModelSettings> {
  readonly #reader: TextReader;
  readonly #documents: boolean;
  /** The weights before the model adapted, once it has. */
  #before: Snapshot | undefined;

  private constructor(model: Model, parts: LanguageModelFileParts) {
    super('this LanguageModel', model, parts);
    this.#reader = parts.reader;
    this.#documents = parts.documents;
  }

  /**
   * Trains a new language model. It ends with the weights of the epoch whose perplexity was lowest on
   * `dev`, or, without that, on the end of the text, a tenth of it. With `holdOut: 0` all is learnt from,
   * and the last epoch kept.
   *
   * @throws DataError (`no_data`) where there is nothing to learn
   * @throws UsageError (`bad_option`) naming the option, what was given and what was expected
   * @throws CancelledError when the signal is aborted; `onBest` has seen the best model so far
   *
   * @example
   * const model = await LanguageModel.train(text, { epochs: 3, onProgress: ({ epoch, loss }) => console.log(epoch, loss) });
   * model.report.dev?.scores.perplexity; // 5.0
   */
  static async train(texts: LanguageTexts, options: LanguageModelTrainOptions = {}): Promise<LanguageModel> {
    checkOptions(options, { ...MODEL_OPTIONS, ...LEARNING_OPTIONS, ...CALLBACKS, engine: ENGINE });
    const { seed = LEARNING_OPTIONS.seed.default, engine } = options;
    const given = await collectTexts(texts, TRAINING);
    const settings = modelSettings(options);
    const cutter = await cutterFor(settings.tokenizer);
    const divided = await divide(given, options, (text) => startsOf(cutter, text));
    const reader = TextReader.of(cutter, divided.train.texts, settings);
    const model = await Model.create(languageModelSpec(settings, reader.vocabulary.size), { seed, ...(engine === undefined ? {} : { engine }) });
    const language = new LanguageModel(model, { settings, reader, documents: given.documents, report: NO_REPORT });
    try {
      await language.exclusively(() => language.#learn(divided, options));
    } catch (error) {
      language.dispose();
      throw error;
    }
    return language;
  }

  /**
   * Reads a language model that was saved: from a path, a URL, bytes, a Blob or a Response.
   *
   * @throws ModelFileError when the file does not exist, is none, is damaged, or holds a model of
   *   another kind or version
   *
   * @example
   * const model = await LanguageModel.load('shakespeare.safetensors');
   */
  static async load(source: ModelSource, options: { engine?: Engine } = {}): Promise<LanguageModel> {
    checkOptions(options, { engine: ENGINE });
    const file = await loadModelFile(source, options);
    try {
      return new LanguageModel(file.model, await aboutFile(source, () => readLanguageModelMetadata(file)));
    } catch (error) {
      file.model.dispose();
      throw error;
    }
  }

  /**
   * Goes on training, with a new optimiser, a loaded model too. Tokens that it does not know stay unknown.
   * Ends with the best weights of this training; see {@link train}.
   *
   * @throws DataError (`no_data`) where there is nothing to learn
   * @throws UsageError (`busy`) while it is training already
   * @throws CancelledError when the signal is aborted; the model then has the best weights so far
   */
  async fit(texts: LanguageTexts, options: LanguageModelFitOptions = {}): Promise<LearningReport> {
    checkOptions(options, { ...LEARNING_OPTIONS, ...CALLBACKS });
    this.use();
    return this.exclusively(async () => {
      const given = { ...(await collectTexts(texts, TRAINING)), documents: this.#documents };
      const divided = await divide(given, options, (text) => this.#reader.read(text).starts);
      return this.#learn(divided, options);
    });
  }

  /**
   * Learns more text, once and all of it unless the options say otherwise; see {@link fit}.
   *
   * @throws as {@link fit}
   *
   * @example
   * const model = await LanguageModel.load('notes.safetensors');
   * await model.update(todaysNotes);
   */
  async update(texts: LanguageTexts, options: LanguageModelFitOptions = {}): Promise<LearningReport> {
    const { epochs = 1, holdOut = 0 } = options;
    return this.fit(texts, { ...options, epochs, holdOut });
  }

  async #learn(divided: DividedTexts, options: LanguageModelFitOptions): Promise<LearningReport> {
    CancelledError.check(options.signal);
    const { task, dispose } = await languageTask(this.#parts, divided, options);
    try {
      const report = await this.learn(task, options);
      this.#keep();
      return report;
    } catch (error) {
      // What it learnt by then is its own, too.
      if (error instanceof CancelledError) this.#keep();
      throw error;
    } finally {
      dispose();
    }
  }

  /**
   * How well texts are foreseen, each from its beginning; with `dynamic`, the model learns as it reads, and
   * is as before in the end.
   *
   * @throws UsageError (`bad_input`), (`bad_option`), (`busy`) for `dynamic` while it is training
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const { perplexity, bitsPerCharacter } = await model.evaluate(test);
   * const { perplexity: lower } = await model.evaluate(test, { dynamic: true });
   */
  async evaluate(texts: LanguageTexts, options: TextReadingOptions = {}): Promise<LanguageModelEvaluation> {
    const reading = readingSettings(options);
    this.use();
    return this.#reversibly(reading, async () => {
      const { texts: given } = await collectTexts(texts, 'evaluation text');
      return evaluateTexts(this.#parts, { texts: given, documents: this.#documents }, reading);
    });
  }

  /** The perplexity of texts: e to the power of the nats of an average token. See {@link evaluate}. */
  async perplexity(texts: LanguageTexts, options: TextReadingOptions = {}): Promise<number> {
    return (await this.evaluate(texts, options)).perplexity;
  }

  /** The natural logarithm of the probability of texts. See {@link evaluate}. */
  async logProb(texts: LanguageTexts, options: TextReadingOptions = {}): Promise<number> {
    return (await this.evaluate(texts, options)).logProb;
  }

  /**
   * How much each token of a text surprises, in bits, with its place in the text.
   *
   * @throws as {@link evaluate}
   *
   * @example
   * const { tokens } = await model.score('The cat sat on the moon.');
   * tokens.filter(({ surprisal }) => surprisal > 8); // what a page may underline
   */
  async score(text: string, options: TextReadingOptions = {}): Promise<TextScore> {
    const reading = readingSettings(options);
    this.use();
    return this.#reversibly(reading, () => scoreText(this.#parts, text, this.#documents, reading));
  }

  /** Reads what may change the model, and puts back what changed. */
  async #reversibly<T>({ dynamic }: TextReadingSettings, read: () => Promise<T>): Promise<T> {
    if (dynamic === undefined) return read();
    return this.exclusively(async () => {
      const model = this.use();
      const before = await model.snapshot();
      try {
        return await read();
      } finally {
        if (model.usable) await model.restore(before);
        before.dispose();
      }
    });
  }

  /**
   * Adapts to texts in one reading, by small steps on what was just read (dynamic evaluation: Krause et al.
   * 2018), so that what comes next is foreseen as these writers go on: a page calls it with what its user
   * writes. `forget` takes it all back; what is saved in between has adapted.
   *
   * @returns how well the texts were foreseen on the way
   * @throws UsageError (`bad_input`), (`bad_option`), (`busy`) while it is training
   * @throws CancelledError when the signal is aborted; what was read by then is learnt
   *
   * @example
   * await model.adapt(paragraph);
   * await model.generate(beginning);
   * await model.forget();
   */
  async adapt(texts: LanguageTexts, options: DynamicOptions & SignalOptions = {}): Promise<LanguageModelEvaluation> {
    const { signal, ...how } = options;
    const dynamic = dynamicSettings(how);
    this.use();
    return this.exclusively(async () => {
      const { texts: given } = await collectTexts(texts, 'text');
      this.#before ??= await this.use().snapshot();
      return evaluateTexts(this.#parts, { texts: given, documents: this.#documents }, { dynamic, cache: undefined, signal });
    });
  }

  /**
   * Takes back what {@link adapt} did since the model was trained or loaded. Without that it does nothing.
   *
   * @throws UsageError (`busy`) while it is training
   */
  async forget(): Promise<void> {
    const model = this.use();
    await this.exclusively(async () => {
      if (this.#before !== undefined) await model.restore(this.#before);
      this.#keep();
    });
  }

  /** From now on the present weights are the model's own. */
  #keep(): void {
    this.#before?.dispose();
    this.#before = undefined;
  }

  /**
   * A text that goes on from a prompt, which may be empty.
   *
   * @returns what follows the prompt
   * @throws UsageError (`bad_option`), (`bad_input`), (`nothing_allowed`) where the options rule out every token
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const { text } = await model.generate('ROMEO:', { temperature: 0.8, topP: 0.95, stop: '\n\n' });
   */
  async generate(prompt: string, options: GenerationOptions = {}): Promise<GeneratedText> {
    checkOptions(options, { ...GENERATION_OPTIONS, signal: SIGNAL });
    const { next, scores, language } = await this.#prompted(prompt, options);
    const [text] = await generateTexts(next, scores, options, language);
    return text as GeneratedText;
  }

  /**
   * The same text piece by piece, as it comes: {@link generate}. What the iterator returns in the end is
   * why the text ends.
   *
   * @example
   * for await (const { text } of model.generateStream('ROMEO:', { temperature: 0.8 })) process.stdout.write(text);
   */
  async *generateStream(prompt: string, options: GenerationOptions = {}): AsyncGenerator<GeneratedPiece, GenerationEnd | undefined, undefined> {
    checkOptions(options, { ...GENERATION_OPTIONS, signal: SIGNAL });
    const { next, scores, language } = await this.#prompted(prompt, options);
    return yield* generate(next, scores, options, language);
  }

  /**
   * The most probable texts that go on from a prompt, the best first, as beam search finds them.
   *
   * @throws as {@link generate}
   *
   * @example
   * const [best] = await model.beamSearch('ROMEO:', { beams: 8, maxTokens: 40 });
   */
  async beamSearch(prompt: string, options: BeamSearchOptions = {}): Promise<BeamHypothesis[]> {
    checkOptions(options, { ...BEAM_SEARCH_OPTIONS, signal: SIGNAL });
    const { next, scores, language } = await this.#prompted(prompt, options);
    const [found = []] = await beamSearch(next, scores, options, language);
    return found;
  }

  /** The model with a prompt that it has read. */
  async #prompted(prompt: string, { signal }: SignalOptions): Promise<{ next: LanguageNext; scores: Float32Array; language: PromptedLanguage }> {
    const language = promptedLanguage(this.#reader, prompt, this.#documents);
    const read = Int32Array.from([TextReader.BOUNDARY, ...(language.prompts[0] ?? [])]);
    return { ...(await LanguageNext.after(this.#parts, read, this.#documents, signal)), language };
  }

  /** The tokens that it knows, with their ids. */
  get vocabulary(): Vocabulary {
    return this.#reader.vocabulary;
  }

  /** Whether it learnt texts with a beginning and an end, rather than one that runs on. */
  get documents(): boolean {
    return this.#documents;
  }

  override dispose(): void {
    this.#keep();
    super.dispose();
  }

  protected metadata(): ModelMetadata {
    const { settings, report } = this;
    return languageModelMetadata({ settings, reader: this.#reader, documents: this.#documents, report });
  }

  get #parts(): LanguageParts {
    return { model: this.use(), reader: this.#reader, settings: this.settings };
  }
}

/** Where the tokens of a text begin. */
function startsOf(cutter: Cutter, text: string): number[] {
  const starts: number[] = [];
  cutter.cut(text, (_, start) => starts.push(start));
  return starts;
}

/** What is trained on, and what tells the best epoch. */
async function divide(
  given: CollectedTexts,
  { dev, holdOut = LEARNING_OPTIONS.holdOut.default }: LanguageModelFitOptions,
  starts: (text: string) => ArrayLike<number>,
): Promise<DividedTexts> {
  if (dev === undefined) return holdOutEnd(given, holdOut, starts);
  const { texts } = await collectTexts(dev, DEVELOPMENT);
  if (texts.every((text) => text === '')) throw nothingToRead(DEVELOPMENT);
  return { train: given, dev: { texts, documents: given.documents } };
}
