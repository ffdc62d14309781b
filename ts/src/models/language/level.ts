/** What the tokens of a language model are: the options of that. */

import * as v from 'valibot';
import { UsageError } from '../../errors.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import { choice, integer, other, type Option } from '../option.js';

/** How texts become tokens. */
export interface LevelOptions {
  /** Whether tokens are characters or words, where no `tokenizer` says more. Default `character`. */
  level?: 'character' | 'word';
  /** How a text becomes tokens, such as the `config` of a `SubwordTokenizer`. */
  tokenizer?: TokenizerConfig;
  /** Tokens seen less often are unknown. Default 1, for words 2. */
  minCount?: number;
}

/** The same as they stand among a model's settings. */
export type LevelSettings = Required<Omit<LevelOptions, 'level'>>;

/** Options that stand among the settings. */
export const LEVEL_SETTINGS = {
  tokenizer: other(
    'how a text becomes tokens',
    'a tokenizer configuration such as { type: "character" }',
    v.looseObject({ type: v.string() }),
    { otherwise: 'as the level says' },
  ),
  minCount: integer('tokens seen less often are unknown', 1, { otherwise: '1, for words 2' }),
} as const satisfies { readonly [name in keyof LevelSettings]-?: Option };

/** The table of the options. */
export const LEVEL_OPTIONS = {
  ...LEVEL_SETTINGS,
  level: choice('what tokens are, where no tokenizer says more', ['character', 'word'], { default: 'character' }),
} as const satisfies { readonly [name in keyof LevelOptions]-?: Option };

/**
 * The settings with defaults filled in.
 *
 * @throws UsageError (`bad_option`) for a level beside a tokenizer
 */
export function levelSettings({ level, tokenizer, minCount }: LevelOptions): LevelSettings {
  if (level !== undefined && tokenizer !== undefined) throw UsageError.option('level', level, 'it to be left out beside a tokenizer');
  const config = tokenizer ?? { type: level === 'word' ? 'default' : 'character' };
  return { tokenizer: config, minCount: minCount ?? (areWords(config) ? 2 : 1) };
}

/** Whether the tokens of a tokenizer are whole words. */
export function areWords({ type }: TokenizerConfig): boolean {
  return type !== 'character' && type !== 'subword';
}
