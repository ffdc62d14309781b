/** Markov models: they count which tokens follow which. */

import { breathe } from '#runtime';
import { CancelledError, DataError } from '../errors.js';
import { beamSearch } from '../generation/beamSearch.js';
import type { BeamHypothesis } from '../generation/beams.js';
import type { GeneratedPiece, GenerationEnd } from '../generation/draft.js';
import { generate, generateTexts, type GeneratedText } from '../generation/generate.js';
import type { PromptedLanguage } from '../generation/nextTokens.js';
import { BEAM_SEARCH_OPTIONS, GENERATION_OPTIONS, type BeamSearchOptions, type GenerationOptions } from '../generation/options.js';
import type { ModelSource } from '../io/modelFile.js';
import { cutterFor } from './language/cutter.js';
import { promptedLanguage } from './language/prompt.js';
import { TextReader } from './language/reader.js';
import { LikelihoodSum, scoreOf, type LanguageEvaluation, type TextScore } from './language/score.js';
import { collectTexts, type LanguageTexts } from './language/texts.js';
import { SIGNAL } from './learning/options.js';
import { BREATH, MarkovChain } from './markov/chain.js';
import { loadMarkov, saveMarkov, type MarkovParts } from './markov/file.js';
import {
  MODEL_OPTIONS,
  modelSettings,
  UPDATE_OPTIONS,
  type MarkovSettings,
  type MarkovTrainOptions,
  type MarkovUpdateOptions,
} from './markov/options.js';
import { MarkovTokens } from './markov/tokens.js';
import { checkOptions } from './option.js';

/** What messages call it. */
const TRAINING = 'training data';

/**
 * Foresees text from the few tokens before it, by counting (n-grams): trained in seconds, without an
 * engine. The longer n-grams say, where they were seen, and leave the rest to shorter ones, by Kneser and
 * Ney's or Witten and Bell's smoothing; the probabilities of all tokens, and of one that stands for those
 * never seen, sum to one.
 *
 * One text is taken as running on before and behind, as a piece of a book; of several, each has a
 * beginning and an end, which are learnt, too.
 *
 * @example
 * const model = await MarkovModel.train(await readFile('shakespeare.txt', 'utf8'));
 * await model.perplexity('My noble lord'); // 3.5
 * const { tokens } = await model.score('My noblz lord');
 * tokens[7]; // { text: 'z', start: 7, end: 8, logProb: -13.5, surprisal: 19.4 }
 * await model.generate('ROMEO:', { temperature: 0.8, seed: 1 });
 * await model.save('shakespeare.safetensors');
 */
export class MarkovModel {
  readonly #parts: MarkovParts;

  private constructor(parts: MarkovParts) {
    this.#parts = parts;
  }

  /**
   * Counts the n-grams of a text, or of several.
   *
   * @throws DataError (`no_data`) for texts without a token
   * @throws UsageError (`bad_option`) naming the option, what was given and what was expected;
   *   (`bad_input`) for what is no text
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const model = await MarkovModel.train(messages, { level: 'word', order: 4, smoothing: 'kneserNey' });
   */
  static async train(texts: LanguageTexts, options: MarkovTrainOptions = {}): Promise<MarkovModel> {
    checkOptions(options, { ...MODEL_OPTIONS, ...UPDATE_OPTIONS });
    const settings = modelSettings(options);
    const given = await collectTexts(texts, TRAINING);
    const reader = TextReader.of(await cutterFor(settings.tokenizer), given.texts, settings);
    const { documents } = given;
    const chain = MarkovChain.empty({ settings, size: reader.vocabulary.size, documents });
    const model = new MarkovModel({ settings, documents, reader, chain });
    await model.#count(given.texts, options);
    return model;
  }

  /**
   * Reads a model that was saved: from a path, a URL, bytes, a Blob or a Response.
   *
   * @throws ModelFileError when the file does not exist, is none, is damaged, or holds a model of
   *   another kind or version
   *
   * @example
   * const model = await MarkovModel.load('shakespeare.safetensors');
   */
  static async load(source: ModelSource): Promise<MarkovModel> {
    return new MarkovModel(await loadMarkov(source));
  }

  /**
   * Goes on counting, in a loaded model, too. The result is that of counting all texts at once, but for
   * tokens that it does not know: these stay unknown. Of a model of one text, each is another piece that
   * runs on before and behind.
   *
   * @throws DataError, UsageError as {@link train}
   * @throws CancelledError when the signal is aborted; what was counted by then stays
   *
   * @example
   * await model.update('What the user wrote today.');
   */
  async update(texts: LanguageTexts, options: MarkovUpdateOptions = {}): Promise<void> {
    checkOptions(options, UPDATE_OPTIONS);
    await this.#count((await collectTexts(texts, TRAINING)).texts, options);
  }

  async #count(texts: readonly string[], options: MarkovUpdateOptions): Promise<void> {
    const read = texts.map((text) => this.#parts.reader.read(text).ids);
    if (read.every(({ length }) => length === 0)) {
      throw new DataError(`${TRAINING}: expected at least one token, given none`, { code: 'no_data' });
    }
    await this.#parts.chain.count(read.map((ids) => this.#closed(ids)), options);
  }

  /**
   * How well texts are foreseen.
   *
   * @throws UsageError (`bad_input`)
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const { perplexity, bitsPerCharacter } = await model.evaluate(test);
   */
  async evaluate(texts: LanguageTexts, options: { signal?: AbortSignal } = {}): Promise<LanguageEvaluation> {
    checkOptions(options, { signal: SIGNAL });
    const { chain, reader } = this.#parts;
    const sum = new LikelihoodSum();
    for (const text of (await collectTexts(texts, 'evaluation data')).texts) {
      const ids = this.#closed(reader.read(text).ids);
      const logProbs = new Float64Array(ids.length);
      const contexts = chain.start();
      for (let from = 0; from < ids.length; from += BREATH) {
        CancelledError.check(options.signal);
        logProbs.set(chain.logProbs(ids.subarray(from, from + BREATH), contexts), from);
        await breathe();
      }
      sum.add(text, logProbs);
    }
    return sum.evaluation;
  }

  /** Perplexity of texts, by token. See {@link evaluate}. */
  async perplexity(texts: LanguageTexts, options: { signal?: AbortSignal } = {}): Promise<number> {
    return (await this.evaluate(texts, options)).perplexity;
  }

  /** Natural logarithm of the probability of texts; by token it is in {@link score}. See {@link evaluate}. */
  async logProb(texts: LanguageTexts, options: { signal?: AbortSignal } = {}): Promise<number> {
    return (await this.evaluate(texts, options)).logProb;
  }

  /**
   * How much each token of a text surprises. What was never seen in training has a probability, too.
   *
   * @throws UsageError (`bad_input`) for what is no text
   *
   * @example
   * const { tokens, bitsPerCharacter } = await model.score('To be, or not to bee');
   * const odd = tokens.filter(({ surprisal }) => surprisal > 8);
   */
  async score(text: string): Promise<TextScore> {
    return this.scoreSync(text);
  }

  /** See {@link score}. */
  scoreSync(text: string): TextScore {
    const { chain, reader } = this.#parts;
    const reading = reader.read(text);
    return scoreOf(text, reading, chain.logProbs(this.#closed(reading.ids), chain.start()));
  }

  /**
   * A text that goes on from a prompt, which may be empty and hold what was never seen in training.
   *
   * @returns what follows the prompt
   * @throws UsageError (`bad_option`), (`bad_input`), (`nothing_allowed`) where the options rule out every token
   * @throws CancelledError when the signal is aborted
   *
   * @example
   * const { text } = await model.generate('ROMEO:', { seed: 7, stop: '\n\n' });
   */
  async generate(prompt: string, options: GenerationOptions = {}): Promise<GeneratedText> {
    checkOptions(options, { ...GENERATION_OPTIONS, signal: SIGNAL });
    const [text] = await generateTexts(...this.#begin(prompt, options));
    return text as GeneratedText;
  }

  /**
   * The same text piece by piece, as it comes: {@link generate}. What the iterator returns in the end is
   * why the text ends.
   *
   * @example
   * for await (const { text } of model.generateStream('ROMEO:')) process.stdout.write(text);
   */
  generateStream(prompt: string, options: GenerationOptions = {}): AsyncIterableIterator<GeneratedPiece, GenerationEnd | undefined> {
    checkOptions(options, { ...GENERATION_OPTIONS, signal: SIGNAL });
    return generate(...this.#begin(prompt, options));
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
    const [found = []] = await beamSearch(...this.#begin(prompt, options));
    return found;
  }

  /**
   * The model as the bytes of one file, which any safetensors library reads; with a path, they are
   * written there, too.
   */
  async save(path?: string | URL): Promise<Uint8Array<ArrayBuffer>> {
    return saveMarkov(this.#parts, path);
  }

  /** See {@link save}. */
  async toBytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.save();
  }

  /** Every model option with the value that it has here. */
  get settings(): MarkovSettings {
    return this.#parts.settings;
  }

  /** Whether it learnt texts with a beginning and an end, rather than one that runs on. */
  get documents(): boolean {
    return this.#parts.documents;
  }

  /** What generation is told: the model behind a prompt, what may follow, the options, and the language. */
  #begin<O>(prompt: string, options: O): [next: MarkovTokens, scores: Float32Array, options: O, language: PromptedLanguage] {
    const { chain, reader, documents } = this.#parts;
    const language = promptedLanguage(reader, prompt, documents);
    const next = new MarkovTokens(chain, reader.vocabulary.size, language.prompts);
    return [next, next.scores(), options, language];
  }

  /** The ids of a text, with its end where it has one. */
  #closed(ids: Int32Array): Int32Array {
    if (!this.documents) return ids;
    const closed = new Int32Array(ids.length + 1).fill(TextReader.BOUNDARY);
    closed.set(ids);
    return closed;
  }
}
