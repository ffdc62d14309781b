/** Tokenizers whose tokens are pieces of a vocabulary. */

import { UnsupportedError, UsageError } from '../../errors.js';
import { checkOptions, flag } from '../../models/option.js';
import type { Token, Tokenizer, TokenizerConfig } from '../tokenizer.js';
import { isWhiteSpace } from '../whiteSpace.js';
import { AddedTokens, type Section } from './addedTokens.js';
import { decoderFrom, type Decoder } from './decoder.js';
import { encodingOf, type EncodedPiece, type Encoding } from './encoding.js';
import { hasPart } from './hasPart.js';
import { normaliserFrom } from './normaliser.js';
import type { PieceModel } from './pieces.js';
import { postProcessorFrom, type PostProcessor } from './postProcessor.js';
import { preTokenizerFrom, type PreTokenizer } from './preTokenizer.js';
import { pieceModelFrom, readTokenizerJson, type TokenizerJson } from './tokenizerJson.js';
import { padded, truncated } from './window.js';

/** Options of `encode`. */
export interface EncodeOptions {
  /** Whether the post-processor's special tokens are added. Default true. */
  addSpecialTokens?: boolean;
}

/** Options of `decode`. */
export interface DecodeOptions {
  /** Whether special tokens are left out. Default true. */
  skipSpecialTokens?: boolean;
}

const ENCODE_OPTIONS = { addSpecialTokens: flag('add special tokens', { default: true }) };
const DECODE_OPTIONS = { skipSpecialTokens: flag('leave special tokens out', { default: true }) };

/**
 * A tokenizer whose tokens are pieces of a vocabulary: byte pair encoding, WordPiece, the unigram
 * language model, or whole words. It does what its `tokenizer.json` says, as Hugging Face's
 * libraries do: normalise, cut into words, cut these into pieces, add special tokens. Offsets differ
 * from theirs where normalising joined or dropped characters: here a letter stands for its accents,
 * too, and what was put before a text for nothing. What is a letter depends on the host's Unicode.
 *
 * @example
 * const tokenizer = SubwordTokenizer.fromJson(await readFile('tokenizer.json', 'utf8'));
 * const { ids, tokens } = tokenizer.encode('Ana is in Porto');
 * tokens[1];             // { text: 'Ġis', start: 4, end: 6 }
 * tokenizer.decode(ids); // 'Ana is in Porto'
 * await Classifier.train(examples, { tokenizer: tokenizer.config });
 */
export class SubwordTokenizer implements Tokenizer {
  readonly #json: TokenizerJson;
  readonly #added: AddedTokens;
  readonly #preTokenizer: PreTokenizer;
  readonly #model: PieceModel;
  readonly #postProcessor: PostProcessor;
  readonly #decoder: Decoder;
  /** How many pieces the post-processor adds. */
  readonly #surrounding: number;

  private constructor(json: TokenizerJson) {
    this.#json = json;
    this.#added = new AddedTokens(json.added_tokens, normaliserFrom(json.normalizer));
    this.#preTokenizer = preTokenizerFrom(json.pre_tokenizer);
    this.#model = pieceModelFrom(json.model);
    this.#postProcessor = postProcessorFrom(json.post_processor);
    this.#decoder = decoderFrom(json.decoder);
    this.#surrounding = this.#postProcessor.surround([]).length;
  }

  /**
   * Reads a `tokenizer.json`.
   *
   * @param json its text, or what `JSON.parse` made of that, which is not to be changed afterwards
   * @throws DataError (`bad_tokenizer`) with the path of what is wrong in it
   * @throws UnsupportedError naming what is not supported: a part of a type that is not known here
   *   (`unsupported_tokenizer`), a pattern that JavaScript cannot have (`unsupported_pattern`)
   */
  static fromJson(json: unknown): SubwordTokenizer {
    return new SubwordTokenizer(readTokenizerJson(json));
  }

  /** What `loadTokenizer` needs to make this tokenizer again, and model classes as their `tokenizer`. */
  get config(): TokenizerConfig {
    return { type: 'subword', tokenizer: this.#json };
  }

  /** One more than the largest id. */
  get vocabularySize(): number {
    return Math.max(this.#model.table.size, this.#added.lastId + 1);
  }

  /** The id of a piece or an added token. */
  idOf(piece: string): number | undefined {
    return this.#added.byContent(piece)?.id ?? this.#model.table.id(piece);
  }

  /** The piece or the added token of an id. */
  pieceOf(id: number): string | undefined {
    return this.#added.byId(id)?.content ?? this.#model.table.piece(id);
  }

  /**
   * A text as pieces of the vocabulary, with their ids and their places in it.
   *
   * @throws UsageError (`unknown_piece`) for what is unknown, where the vocabulary has no piece for
   *   that; (`bad_option`)
   */
  encode(text: string, options: EncodeOptions = {}): Encoding {
    checkOptions(options, ENCODE_OPTIONS);
    const { addSpecialTokens = ENCODE_OPTIONS.addSpecialTokens.default } = options;
    const pieces = this.#pieces(text);
    if (this.#postProcessor.trimsOffsets) for (const { token } of pieces) trim(token, text, isPlainSpace);
    const { truncation, padding } = this.#json;
    const kept = truncated(pieces, truncation, addSpecialTokens ? this.#surrounding : 0);
    return encodingOf(padded(addSpecialTokens ? this.#postProcessor.surround(kept) : kept, padding));
  }

  /**
   * The text of ids. It is the one that was encoded, as far as normalising left it and the vocabulary
   * knows it.
   *
   * @throws UsageError (`bad_id`) for an id that is not in the vocabulary; (`bad_option`)
   */
  decode(ids: Iterable<number>, options: DecodeOptions = {}): string {
    checkOptions(options, DECODE_OPTIONS);
    const { skipSpecialTokens = DECODE_OPTIONS.skipSpecialTokens.default } = options;
    const pieces: string[] = [];
    for (const id of ids) {
      const piece = this.pieceOf(id);
      if (piece === undefined) {
        throw new UsageError(`expected ids of the vocabulary, from 0 to ${this.vocabularySize - 1}, given ${id}`, { code: 'bad_id' });
      }
      if (!(skipSpecialTokens && this.#added.byId(id)?.special === true)) pieces.push(piece);
    }
    return this.#decoder(pieces).join('');
  }

  /**
   * The pieces of a text as tokens for a model that labels them: without special tokens, truncation
   * or padding, without white space, and none overlapping another. Pieces that are bytes or letters
   * of one character are one token, their texts joined.
   */
  tokenize(text: string): Token[] {
    const tokens: Token[] = [];
    for (const { token } of this.#pieces(text)) {
      trim(token, text, isWhiteSpace);
      const last = tokens.at(-1);
      if (token.start === token.end) continue;
      if (last === undefined || token.start >= last.end) {
        tokens.push(token);
        continue;
      }
      last.text += token.text;
      last.end = Math.max(last.end, token.end);
    }
    return tokens;
  }

  /**
   * The tokenizer as `tokenizer.json`, for Hugging Face's libraries.
   *
   * @throws UnsupportedError (`no_equivalent`) for words that only this library's own tokenizers cut
   */
  toJson(): string {
    const parts = { pre_tokenizer: this.#json.pre_tokenizer, decoder: this.#json.decoder };
    for (const [path, part] of Object.entries(parts)) {
      if (hasPart(part, 'Ostinato')) {
        throw new UnsupportedError(`tokenizer ${path}: Ostinato has no equivalent in a tokenizer.json; keep this tokenizer in a model file`, {
          code: 'no_equivalent',
        });
      }
    }
    return JSON.stringify(this.#json, null, 2);
  }

  #pieces(text: string): EncodedPiece[] {
    if (typeof text !== 'string') throw UsageError.option('text', text, 'a string');
    const found: EncodedPiece[] = [];
    for (const section of this.#added.sections(text)) this.#addPieces(section, found);
    return found;
  }

  #addPieces({ text, added }: Section, found: EncodedPiece[]): void {
    if (added !== undefined) {
      const [start, end] = text.span();
      found.push({ id: added.id, token: { text: added.content, start, end }, typeId: 0, special: false });
      return;
    }
    for (const word of this.#preTokenizer(text)) {
      if (word.text === '') continue;
      const { ids, texts, starts, ends } = this.#model.pieces(word.text);
      for (let index = 0; index < ids.length; index += 1) {
        const [start, end] = word.span(starts[index], ends[index]);
        found.push({ id: ids[index] as number, token: { text: texts[index] as string, start, end }, typeId: 0, special: false });
      }
    }
  }
}

/** Takes the edges off a token's span for which a condition holds. */
function trim(token: Token, text: string, isSpace: (unit: number) => boolean): void {
  while (token.start < token.end && isSpace(text.charCodeAt(token.start))) token.start += 1;
  while (token.start < token.end && isSpace(text.charCodeAt(token.end - 1))) token.end -= 1;
}

const isPlainSpace = (unit: number): boolean => unit === 0x20;
