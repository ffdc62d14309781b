/** What generation can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import { UsageError } from '../errors.js';
import { amount, flag, integer, other, positive, share, type Option, type OptionTable } from '../models/option.js';
import type { PromptedLanguage } from './nextTokens.js';

/** What a generated text must be like. */
export interface TextConstraints {
  /** Most tokens that are generated. Default 200. */
  maxTokens?: number;
  /** Tokens before which a text does not end by itself. Default 0. */
  minTokens?: number;
  /** No sequence of so many tokens comes twice; those of the prompt count. Default: they may. */
  noRepeatNgram?: number;
  /**
   * What is never generated: texts, or the ids of their tokens. A text is what the tokenizer cuts it into
   * by itself, so that where tokens are pieces of words, `word` and ` word` are two.
   */
  badWords?: readonly (string | readonly number[])[];
  /** What the new text begins with, whatever other options say: a text that the model knows all tokens of, or their ids. */
  forcedPrefix?: string | readonly number[];
  /** Strings that end a text, which goes as far as the first of them. Default none. */
  stop?: string | readonly string[];
  /** Stops the work. */
  signal?: AbortSignal;
}

/**
 * How tokens are chosen. The options mean what they mean in Hugging Face's transformers, and are applied
 * in its order: `repetitionPenalty`, `noRepeatNgram`, `badWords`, `minTokens`, `forcedPrefix`, and in
 * sampling `temperature`, `topK`, `topP`, `minP`, `typicalP`.
 */
export interface GenerationOptions extends TextConstraints {
  /** What scores are divided by; 0 always takes the most probable token. Default 1. */
  temperature?: number;
  /** How many of the most probable tokens are drawn from. Default all. */
  topK?: number;
  /** Draws from the fewest most probable tokens whose probabilities add up to this. Default 1, from all. */
  topP?: number;
  /** Draws from tokens at least so many times as probable as the most probable one. Default 0, from all. */
  minP?: number;
  /**
   * Draws from the fewest tokens whose probabilities add up to this, those first whose surprisal is nearest
   * to the expected one. Default 1, from all.
   */
  typicalP?: number;
  /**
   * What the log-probabilities of tokens that were there before, in the prompt or behind it, are multiplied
   * by; transformers does so in beam search, and in sampling with scores that may be above 0, too. Default 1.
   */
  repetitionPenalty?: number;
  /** Decides what is drawn. Default 1. */
  seed?: number;
}

/**
 * How the most probable texts are searched for. The options mean what they mean in Hugging Face's
 * transformers.
 */
export interface BeamSearchOptions extends TextConstraints {
  /** How many unfinished texts are kept at each token. Default 4. */
  beams?: number;
  /**
   * The score of a text is its log-probability divided by its number of tokens to this power (length
   * normalisation, as in transformers): 0 favours short texts, 1 compares means. Default 1.
   */
  lengthPenalty?: number;
  /** How many texts are wanted, the best first; at most `beams`. Default 1. */
  nBest?: number;
  /**
   * Whether to end once `beams` texts are finished, although another could still be better. Default false:
   * what transformers calls `never`.
   */
  earlyStopping?: boolean;
}

const ids = v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), v.minLength(1));
const text = v.pipe(v.string(), v.minLength(1));

const LENGTHS = {
  maxTokens: integer('most tokens that are generated', 1, { default: 200 }),
  minTokens: integer('tokens before which a text does not end by itself', 0, { default: 0 }),
  noRepeatNgram: integer('length of the sequences of tokens that never come twice', 1, { otherwise: 'they may' }),
};

const TEXT_CONSTRAINTS = {
  ...LENGTHS,
  badWords: other('what is never generated', 'an array of texts or of arrays of ids', v.array(v.union([text, ids])), { otherwise: 'none' }),
  forcedPrefix: other('what the new text begins with', 'a text or an array of ids', v.union([text, ids]), { otherwise: 'nothing' }),
  stop: other('strings that end the text', 'a text or an array of texts', v.union([text, v.array(text)]), { otherwise: 'none' }),
} as const satisfies { readonly [name in Exclude<keyof TextConstraints, 'signal'>]-?: Option };

const SAMPLING_OPTIONS = {
  temperature: amount('what scores are divided by; 0 takes the most probable token', { default: 1 }),
  topK: integer('how many of the most probable tokens are drawn from', 1, { otherwise: 'all' }),
  topP: share('draw from the most probable tokens that add up to this probability', { default: 1 }, 1),
  minP: share('draw from tokens so many times as probable as the most probable', { default: 0 }, 1),
  typicalP: share('draw from the most typical tokens that add up to this probability', { default: 1 }, 1),
  repetitionPenalty: positive('what makes tokens that were there before less likely', { default: 1 }),
  seed: integer('decides what is drawn', 0, { default: 1 }),
} as const satisfies { readonly [name in Exclude<keyof GenerationOptions, keyof TextConstraints>]-?: Option };

const BEAM_OPTIONS = {
  beams: integer('how many unfinished texts are kept at each token', 1, { default: 4 }),
  lengthPenalty: amount('power of the number of tokens that a log-probability is divided by', { default: 1 }),
  nBest: integer('how many texts are wanted, at most as many as beams', 1, { default: 1 }),
  earlyStopping: flag('end once as many texts as beams are finished', { default: false }),
} as const satisfies { readonly [name in Exclude<keyof BeamSearchOptions, keyof TextConstraints>]-?: Option };

/** The table of the options of generation, but for the signal. */
export const GENERATION_OPTIONS = { ...TEXT_CONSTRAINTS, ...SAMPLING_OPTIONS };

/** The table of the options of beam search, but for the signal. */
export const BEAM_SEARCH_OPTIONS = { ...TEXT_CONSTRAINTS, ...BEAM_OPTIONS };

/** How tokens are chosen, with defaults filled in. */
export type SamplingSettings = Required<Omit<GenerationOptions, keyof TextConstraints | 'topK'>> & { readonly topK?: number };

/** Fills in defaults of options that were checked. */
export function samplingSettings(options: GenerationOptions): SamplingSettings {
  return withDefaults(options, SAMPLING_OPTIONS) as SamplingSettings;
}

/** How beams are kept, with defaults filled in. */
export type BeamSettings = Required<Omit<BeamSearchOptions, keyof TextConstraints>>;

/**
 * Fills in defaults of options that were checked.
 *
 * @throws UsageError (`bad_option`) when more texts are wanted than there are beams
 */
export function beamSettings(options: BeamSearchOptions): BeamSettings {
  const settings = withDefaults(options, BEAM_OPTIONS) as BeamSettings;
  if (settings.nBest <= settings.beams) return settings;
  throw UsageError.option('nBest', settings.nBest, `at most ${settings.beams}, the number of beams`);
}

function withDefaults(given: object, table: OptionTable): object {
  const named: { readonly [name: string]: unknown } = { ...given };
  return Object.fromEntries(Object.entries(table).map(([name, option]) => [name, named[name] ?? option.default]));
}

/** The constraints with defaults filled in, texts as ids. */
export interface ConstraintSettings {
  readonly maxTokens: number;
  readonly minTokens: number;
  readonly noRepeatNgram?: number;
  readonly banned: readonly (readonly number[])[];
  readonly forced: readonly number[];
  readonly stops: readonly string[];
  readonly endIds: readonly number[];
}

/**
 * Fills in defaults of options that were checked, and makes ids of texts.
 *
 * @throws UsageError (`bad_option`) for ids that the model does not have, and texts without tokens
 */
export function constraintSettings(options: TextConstraints, { encode, endIds }: PromptedLanguage, size: number): ConstraintSettings {
  const { badWords = [], forcedPrefix, stop = [], ...numbers } = options;
  const idsOf = (option: string, given: string | readonly number[]): readonly number[] => {
    const found = typeof given === 'string' ? encode(given) : given;
    if (found.length === 0) throw UsageError.option(option, given, 'a text with tokens');
    const strange = found.find((id) => id >= size);
    if (strange !== undefined) throw UsageError.option(option, strange, `ids from 0 to ${size - 1}`);
    return found;
  };
  return {
    ...(withDefaults(numbers, LENGTHS) as Pick<ConstraintSettings, keyof typeof LENGTHS>),
    banned: badWords.map((word) => idsOf('badWords', word)),
    forced: forcedPrefix === undefined ? [] : idsOf('forcedPrefix', forcedPrefix),
    stops: typeof stop === 'string' ? [stop] : stop,
    endIds,
  };
}
