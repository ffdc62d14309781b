/** Options of the training of tokenizers. */

import * as v from 'valibot';
import { UsageError } from '../../../errors.js';
import { checkOptions, integer, other, type OptionTable } from '../../../models/option.js';
import { DECODER, type DecoderInput, type DecoderJson } from '../decoder.js';
import { filled } from '../filled.js';
import { NORMALISER, type NormaliserInput, type NormaliserJson } from '../normaliser.js';
import { PRE_TOKENIZER, type PreTokenizerInput, type PreTokenizerJson } from '../preTokenizer.js';
import type { TokenizerProgress } from './clock.js';

/** How a tokenizer is trained. */
export interface TokenizerTrainingOptions {
  /** Most pieces, with special tokens. Default 8000. */
  vocabSize?: number;
  /** Tokens that stand for no text: they get the first ids, and `decode` leaves them out. */
  specialTokens?: readonly string[];
  /** What the vocabulary calls what it does not know; null: nothing is unknown, or left out. */
  unknownToken?: string | null;
  /** How texts are rewritten first, such as `{ type: 'NFKC' }`; null: not at all. */
  normaliser?: NormaliserInput | null;
  /** How texts are cut into words, which no piece crosses; null: not at all. */
  preTokenizer?: PreTokenizerInput | null;
  /** How pieces become a text again. Default: as the pre-tokenizer needs it. */
  decoder?: DecoderInput | null;
  /** What stands around a text, such as `[CLS] $A [SEP]`: special tokens, and `$A` for the text. */
  template?: string;
  /** Most characters that get a piece, the most frequent. Default: all. */
  alphabetSize?: number;
  /** Told now and then how far it is. */
  onProgress?: (progress: TokenizerProgress) => void;
  /** Stops the training. */
  signal?: AbortSignal;
}

/** How a tokenizer that counts is trained. */
export interface CountingTrainingOptions extends TokenizerTrainingOptions {
  /** What occurs less often gets no piece. Default 2. */
  minFrequency?: number;
}

const token = v.pipe(v.string(), v.nonEmpty());
const json = 'null or JSON such as { type: "NFKC" }';

const OPTIONS = {
  vocabSize: integer('most pieces, with special tokens', 1, { default: 8000 }, 2 ** 24),
  specialTokens: other('tokens that stand for no text', 'an array of strings, none empty', v.array(token), { otherwise: 'none' }),
  unknownToken: other('what is not known', 'a string that is not empty, or null', v.nullable(token), { otherwise: 'by kind' }),
  normaliser: other('how texts are rewritten', json, v.nullable(v.looseObject({})), { otherwise: 'by kind' }),
  preTokenizer: other('how texts are cut into words', json, v.nullable(v.looseObject({})), { otherwise: 'by kind' }),
  decoder: other('how pieces become a text', json, v.nullable(v.looseObject({})), { otherwise: 'as the pre-tokenizer needs it' }),
  template: other('what stands around a text', 'special tokens and one $A, with spaces between', v.pipe(v.string(), v.regex(/^(\S+ +)*\$A( +\S+)*$/)), {
    otherwise: 'nothing',
  }),
  alphabetSize: integer('most characters that get a piece', 1, { otherwise: 'all' }),
  onProgress: other('told how far it is', 'a function', v.function(), { otherwise: 'nobody' }),
  signal: other('stops the training', 'an AbortSignal', v.instance(AbortSignal), { otherwise: 'none' }),
} as const satisfies OptionTable;

const COUNTING_OPTIONS = {
  ...OPTIONS,
  minFrequency: integer('what occurs less often gets no piece', 1, { default: 2 }),
} as const satisfies OptionTable;

/** What differs from kind to kind. */
export interface KindDefaults {
  unknownToken: string | null;
  normaliser: NormaliserInput | null;
  preTokenizer: PreTokenizerInput | null;
}

/** Options with defaults filled in. */
export interface TrainingSettings {
  vocabSize: number;
  minFrequency: number;
  /** With the unknown token, if there is one. */
  specialTokens: readonly string[];
  unknownToken: string | null;
  normaliser: NormaliserJson | null;
  preTokenizer: PreTokenizerJson | null;
  /** Undefined where the pre-tokenizer decides. */
  decoder: DecoderJson | null | undefined;
  template: string | undefined;
  alphabetSize: number | undefined;
}

/**
 * Checks options and fills in defaults.
 *
 * @throws UsageError (`bad_option`)
 */
export function trainingSettings(options: CountingTrainingOptions, kind: KindDefaults, counting: boolean): TrainingSettings {
  checkOptions(options, counting ? COUNTING_OPTIONS : OPTIONS);
  const given = { ...kind, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) } as typeof options & KindDefaults;
  const { unknownToken, specialTokens = [], template } = given;
  const special = new Set([...(unknownToken === null || specialTokens.includes(unknownToken) ? [] : [unknownToken]), ...specialTokens]);
  const stranger = template?.split(/ +/).find((name) => name !== '$A' && !special.has(name));
  if (stranger !== undefined) throw UsageError.option('template', template, `special tokens and one $A; ${stranger} is not among specialTokens`);
  return {
    vocabSize: given.vocabSize ?? OPTIONS.vocabSize.default,
    minFrequency: given.minFrequency ?? COUNTING_OPTIONS.minFrequency.default,
    specialTokens: [...special],
    unknownToken,
    normaliser: filled('normaliser', NORMALISER, given.normaliser),
    preTokenizer: filled('preTokenizer', PRE_TOKENIZER, given.preTokenizer),
    decoder: given.decoder === undefined ? undefined : filled('decoder', DECODER, given.decoder),
    template,
    alphabetSize: given.alphabetSize,
  };
}
