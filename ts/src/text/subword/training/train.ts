/** Trains tokenizers on texts. */

import { UsageError } from '../../../errors.js';
import type { AddedTokenJson } from '../addedTokens.js';
import { byteCharacters } from '../byteLevel.js';
import type { DecoderInput } from '../decoder.js';
import { hasPart } from '../hasPart.js';
import { normaliserFrom } from '../normaliser.js';
import { templateFrom, type PostProcessorInput } from '../postProcessor.js';
import { preTokenizerFrom, type PreTokenizerJson } from '../preTokenizer.js';
import { SubwordTokenizer } from '../subwordTokenizer.js';
import type { TokenizerInput } from '../tokenizerJson.js';
import { Clock } from './clock.js';
import { likelyPieces } from './likelyPieces.js';
import { learnMerges, type LearnedMerges } from './merges.js';
import { trainingSettings, type CountingTrainingOptions, type KindDefaults, type TokenizerTrainingOptions, type TrainingSettings } from './options.js';
import { alphabetOf, countWords, type Texts, type WordCounts } from './words.js';

/**
 * Trains a byte pair encoding (Sennrich et al. 2016): by default on bytes, as GPT-2's, so that
 * nothing is unknown and `decode` gives back every text. With another pre-tokenizer it is made of
 * characters.
 *
 * @throws UsageError (`bad_option`, `bad_input`)
 * @throws CancelledError when the signal is aborted
 *
 * @example
 * const tokenizer = await trainBpe(texts, { vocabSize: 4000 });
 * tokenizer.tokenize('unhappily').map(({ text }) => text); // ['un', 'happ', 'ily']
 */
export async function trainBpe(texts: Texts, options: CountingTrainingOptions = {}): Promise<SubwordTokenizer> {
  const preTokenizer = options.preTokenizer === undefined ? { type: 'ByteLevel' as const } : options.preTokenizer;
  const onBytes = hasPart(preTokenizer, 'ByteLevel') || hasPart(options.normaliser, 'ByteLevel');
  const training = await begin(texts, options, { unknownToken: onBytes ? null : '<unk>', normaliser: null, preTokenizer }, true);
  const { settings } = training;
  const { pieces, merges } = await merged(training, onBytes ? byteCharacters() : [], '');
  const model = { type: 'BPE', unk_token: settings.unknownToken, vocab: idsOf(pieces), merges } as const;
  return finish(training, onBytes, model, onBytes ? { type: 'ByteLevel' } : undefined);
}

/**
 * Trains a WordPiece vocabulary for BERT's way of cutting words: of the pieces that byte pair
 * encoding makes of words whose inner pieces begin with `##`, as Hugging Face's trainer does. By
 * default texts lose case and accents.
 *
 * @throws UsageError (`bad_option`, `bad_input`)
 * @throws CancelledError when the signal is aborted
 */
export async function trainWordPiece(texts: Texts, options: CountingTrainingOptions = {}): Promise<SubwordTokenizer> {
  const kind = { unknownToken: '[UNK]', normaliser: { type: 'BertNormalizer' }, preTokenizer: { type: 'BertPreTokenizer' } } as const;
  const training = await begin(texts, options, kind, true);
  const { pieces } = await merged(training, [], '##');
  const unknown = needUnknown(training.settings);
  return finish(training, false, { type: 'WordPiece', unk_token: unknown, vocab: idsOf(pieces) }, { type: 'WordPiece' });
}

/**
 * Trains a unigram language model (Kudo 2018), as SentencePiece does: by default on texts in NFKC,
 * with `▁` for spaces. The same texts give the same pieces on every host.
 *
 * @throws UsageError (`bad_option`, `bad_input`)
 * @throws CancelledError when the signal is aborted
 */
export async function trainUnigram(texts: Texts, options: TokenizerTrainingOptions = {}): Promise<SubwordTokenizer> {
  const kind = { unknownToken: '<unk>', normaliser: { type: 'NFKC' }, preTokenizer: { type: 'Metaspace' } } as const;
  const training = await begin(texts, options, kind, false);
  const { settings, words, clock } = training;
  const alphabet = alphabetOf(words, settings.alphabetSize);
  const room = roomFor(alphabet.length, settings);
  const special = settings.specialTokens.map((token) => [token, 0] as const);
  const taken = new Set(settings.specialTokens);
  const learned = (await likelyPieces(words, alphabet, room, clock)).filter(([piece]) => !taken.has(piece));
  const unknown = settings.unknownToken === null ? null : settings.specialTokens.indexOf(settings.unknownToken);
  return finish(training, false, { type: 'Unigram', unk_id: unknown, vocab: [...special, ...learned] });
}

/**
 * Makes a vocabulary of whole words; with the pre-tokenizer `{ type: 'Ostinato', tokenizer: { type:
 * 'character' }, keep_gaps: true }`, of characters. By default words are what the tokenizer
 * `default` makes of a text.
 *
 * @throws UsageError (`bad_option`, `bad_input`)
 * @throws CancelledError when the signal is aborted
 */
export async function trainWordLevel(texts: Texts, options: CountingTrainingOptions = {}): Promise<SubwordTokenizer> {
  const words = { type: 'Ostinato', tokenizer: { type: 'default' } } as const;
  const training = await begin(texts, options, { unknownToken: '[UNK]', normaliser: null, preTokenizer: words }, true);
  const { settings } = training;
  const room = roomFor(0, settings);
  const taken = new Set(settings.specialTokens);
  // Sorting is stable: equal counts stay in order of first appearance.
  const kept = [...training.words]
    .filter(([word, count]) => count >= settings.minFrequency && !taken.has(word))
    .sort(([, a], [, b]) => b - a)
    .slice(0, room);
  const vocab = idsOf([...settings.specialTokens, ...kept.map(([word]) => word)]);
  return finish(training, false, { type: 'WordLevel', vocab, unk_token: needUnknown(settings) });
}

/** A training whose words are counted. */
interface Training {
  settings: TrainingSettings;
  words: WordCounts;
  clock: Clock;
}

async function begin(texts: Texts, options: CountingTrainingOptions, kind: KindDefaults, counting: boolean): Promise<Training> {
  const settings = trainingSettings(options, kind, counting);
  const clock = new Clock(options.signal, options.onProgress);
  const words = await countWords(texts, normaliserFrom(settings.normaliser), preTokenizerFrom(settings.preTokenizer), clock);
  return { settings, words, clock };
}

async function merged({ settings, words, clock }: Training, always: readonly string[], prefix: string): Promise<LearnedMerges> {
  const { specialTokens, vocabSize, minFrequency, alphabetSize } = settings;
  const alphabet = [...new Set([...always, ...alphabetOf(words, alphabetSize)])].sort((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
  roomFor(alphabet.length, settings);
  return learnMerges(words, { first: specialTokens, alphabet, vocabSize, minFrequency, prefix, clock });
}

/** How many pieces there may be beside special tokens, of which so many must be characters. */
function roomFor(characters: number, { vocabSize, specialTokens }: TrainingSettings): number {
  const room = vocabSize - specialTokens.length;
  if (room >= characters) return room;
  throw UsageError.option(
    'vocabSize',
    vocabSize,
    `at least ${characters + specialTokens.length}, for ${characters} characters and ${specialTokens.length} special tokens (or alphabetSize, to leave rare characters out)`,
  );
}

function needUnknown({ unknownToken }: TrainingSettings): string {
  if (unknownToken === null) throw UsageError.option('unknownToken', null, 'a string: there is always something that such a vocabulary does not know');
  return unknownToken;
}

function idsOf(pieces: readonly string[]): Record<string, number> {
  return Object.fromEntries(pieces.map((piece, id) => [piece, id]));
}

/** The tokenizer of what was learned. */
function finish({ settings }: Training, onBytes: boolean, model: TokenizerInput['model'], usual?: DecoderInput): SubwordTokenizer {
  const { specialTokens, normaliser, preTokenizer, template } = settings;
  const processors: PostProcessorInput[] = [
    ...(onBytes ? [{ type: 'ByteLevel' } as const] : []),
    ...(template === undefined ? [] : [templateFrom(template, (token) => specialTokens.indexOf(token))]),
  ];
  const json: TokenizerInput = {
    added_tokens: specialTokens.map(specialToken),
    normalizer: normaliser,
    pre_tokenizer: preTokenizer,
    post_processor: processors.length > 0 ? { type: 'Sequence', processors } : null,
    decoder: settings.decoder !== undefined ? settings.decoder : (usual ?? decoderOf(preTokenizer)),
    model,
  };
  return SubwordTokenizer.fromJson(json);
}

function specialToken(content: string, id: number): AddedTokenJson {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** The decoder that undoes what a pre-tokenizer does to a text. */
function decoderOf(preTokenizer: PreTokenizerJson | null): DecoderInput | null {
  switch (preTokenizer?.type) {
    case 'Metaspace':
      return preTokenizer;
    case 'Ostinato':
      return { type: preTokenizer.keep_gaps ? 'Fuse' : 'Ostinato' };
    case 'Sequence':
      return preTokenizer.pretokenizers.map(decoderOf).find((decoder) => decoder !== null) ?? null;
    default:
      return null;
  }
}
