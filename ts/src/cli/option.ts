/** Options of the library as options of the command line, and as a configuration file. */

import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option as CommandOption } from 'commander';
import * as v from 'valibot';
import { describe, UsageError } from '../errors.js';
import { CLASSIFIED_OPTIONS } from '../data/classified.js';
import { choice, integer, type Option, type OptionTable } from '../models/option.js';
import { reasonOf } from '../runtime/node.js';
import type { TokenizerConfig } from '../text/tokenizer.js';

/** Options of `createEngine` that the command line has, too. */
export const ENGINE_OPTIONS = {
  threads: integer('how many threads compute', 1, { default: 1 }),
  variant: choice('build of the compute core; baseline gives the same bits on every host', ['auto', 'baseline', 'relaxed', 'threads'], {
    default: 'auto',
  }),
} as const satisfies OptionTable;

/** The encoding of text and data. */
export const ENCODING = CLASSIFIED_OPTIONS.encoding;

/** `hiddenSize` to `--hidden-size`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function nameOf(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** How options without a form of their own are written. */
const SPECIAL: {
  readonly [name: string]: { readonly placeholder: string; readonly choices?: string; readonly read: (text: string) => unknown };
} = {
  vectors: { placeholder: 'file', read: (text) => text },
  encoding: { placeholder: 'name', read: (text) => text },
  textColumn: { placeholder: 'column', read: numberOrText },
  labelColumn: { placeholder: 'column', read: numberOrText },
  delimiter: { placeholder: 'character', read: (text) => (text === 'tab' || text === '\\t' ? '\t' : text) },
  labelSeparator: { placeholder: 'text', read: (text) => text },
  labels: { placeholder: 'list', read: (text) => text.split(',') },
  slots: { placeholder: 'list', choices: 'type=one or type=many, separated by commas', read: readSlots },
  classWeights: { placeholder: 'weights', choices: 'balanced, or label=weight,label=weight', read: readWeights },
  badWords: { placeholder: 'list', choices: 'texts, separated by commas', read: (text) => text.split(',').map(unescaped) },
  forcedPrefix: { placeholder: 'text', read: unescaped },
  cutoffs: { placeholder: 'list', choices: 'rising whole numbers, separated by commas', read: (text) => text.split(',').map(Number) },
  averageAfter: { placeholder: 'number', read: numberOrText },
  stop: { placeholder: 'text', choices: 'a text, in which \\n is a line break and \\t a tab', read: unescaped },
  tokenizer: { placeholder: 'name', choices: 'default, character, whitespace or segmenter:LANGUAGE', read: readTokenizer },
};

function readTokenizer(text: string): TokenizerConfig {
  const [type, locale] = text.split(/:(.*)/s);
  if (type === 'segmenter' && locale !== undefined && locale !== '') return { type, locale };
  if (locale === undefined && (type === 'default' || type === 'character' || type === 'whitespace')) return { type };
  throw new InvalidArgumentError('expected default, character, whitespace or segmenter: and a language, as in segmenter:zh.');
}

function readWeights(text: string): string | Record<string, number> {
  if (text === 'balanced') return text;
  const pairs = text.split(',').map((pair) => /^(.+)=(\d+(?:\.\d+)?)$/.exec(pair));
  if (pairs.includes(null)) throw new InvalidArgumentError('expected balanced, or a weight for each label, as in spam=2,ham=1.');
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])]));
}

function readSlots(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => /^(.+)=(one|many)$/.exec(pair));
  if (pairs.some((pair) => pair === null)) throw new InvalidArgumentError('expected how many values types of slots have, as in DATE=one,PERSON=many.');
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}

/** A text in which line breaks and tabs are written as programs write them. */
function unescaped(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
}

/** A whole number, or a text that is none: a column has either for a name. */
function numberOrText(text: string): string | number {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

/** The value of an option as somebody typed it. */
function read(option: Option, text: string): unknown {
  const value = option.form === 'choice' ? text : option.form === 'limit' && text === 'none' ? null : Number(text);
  if (text.trim() !== '' && v.is(option.schema, value)) return value;
  const expected = option.form === 'limit' ? option.expected.replace('null for none', 'none') : option.expected;
  throw new InvalidArgumentError(`expected ${option.choices === undefined ? expected : listed(option.choices)}.`);
}

/** A value in a form of its own, if it is one that the option takes. */
function checked(option: Option, value: unknown): unknown {
  if (v.is(option.schema, value)) return value;
  throw new InvalidArgumentError(`expected ${option.expected}.`);
}

function listed(choices: readonly string[]): string {
  return choices.length === 1 ? String(choices[0]) : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

/** An option with a value, even where its name begins as that of a flag does that is taken back. */
function valued(flags: string, description: string): CommandOption {
  const option = new CommandOption(flags, description);
  option.negate = false;
  return option;
}

/** Gives a command every option of a table. */
export function addOptions(command: Command, table: OptionTable): Command {
  for (const [name, option] of Object.entries(table)) {
    const flag = flagOf(name);
    const special = SPECIAL[name];
    const choices = special?.choices ?? (option.choices === undefined ? undefined : listed(option.choices));
    const fallback = option.otherwise ?? String(option.default);
    const described = `${option.text}${choices === undefined ? '' : `: ${choices}`} (default: ${fallback})`;
    if (option.form === 'flag') {
      command.option(flag, described).option(flag.replace('--', '--no-'), `not ${flag}`);
    } else if (option.form === 'other') {
      if (special === undefined) continue;
      const parse = (text: string): unknown => checked(option, special.read(text));
      command.addOption(valued(`${flag} <${special.placeholder}>`, described).argParser(parse));
    } else {
      const placeholder = option.choices === undefined ? 'number' : 'name';
      command.addOption(valued(`${flag} <${placeholder}>`, described).argParser((text) => read(option, text)));
    }
  }
  return command;
}

/** Gives a command the options that all have. */
export function addCommonOptions(command: Command): Command {
  addOptions(command, ENGINE_OPTIONS);
  return command
    .option('--config <file>', 'JSON file with options under the same names; what is typed goes first')
    .option('--json', 'print JSON Lines on stdout, one object an event, the last of them the result');
}

/**
 * The options that were typed, over those of the configuration file.
 *
 * @param files options that name files, and so are in no table
 * @throws UsageError (`bad_option`) naming the option of the file that is wrong
 */
export async function gather<T extends object>(command: Command, table: OptionTable, files: readonly string[]): Promise<T> {
  const { config, ...typed } = command.opts() as { config?: string };
  if (config === undefined) return typed as T;
  const known: OptionTable = { ...table, ...ENGINE_OPTIONS };
  const configured = Object.entries(await readConfig(config)).map(([key, value]): [string, unknown] => {
    const name = nameOf(key);
    const option = known[name];
    if (name === 'json' ? typeof value === 'boolean' : files.includes(name) && isFiles(value)) return [name, value];
    if (option === undefined) {
      const names = [...Object.keys(known), ...files, 'json'].sort().join(', ');
      throw new UsageError(`${config}: ${key}: expected one of ${names}`, { code: 'bad_option' });
    }
    const special = SPECIAL[name];
    const given = special !== undefined && typeof value === 'string' ? special.read(value) : value;
    if (v.is(option.schema, given)) return [name, given];
    throw new UsageError(`${config}: ${key}: expected ${option.expected}, given ${describe(value)}`, { code: 'bad_option' });
  });
  return { ...Object.fromEntries(configured), ...typed } as T;
}

function isFiles(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
}

async function readConfig(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`--config ${path}: ${reasonOf(cause)}`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--config ${path}: not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(`--config ${path}: expected a JSON object, given ${describe(value)}`);
}

/** One table of several, in which a choice has the values of all. */
export function mergeTables(tables: readonly OptionTable[]): OptionTable {
  const merged: Record<string, Option> = {};
  for (const [name, option] of tables.flatMap((table) => Object.entries(table))) {
    const choices = [...new Set([...(merged[name]?.choices ?? []), ...(option.choices ?? [])])];
    const { text, otherwise = String(option.default) } = option;
    merged[name] = choices.length > 0 ? choice(text, choices, { otherwise }) : option;
  }
  return merged;
}

/** The options among the given that are in a table. */
export function pick<T extends object>(given: object, table: OptionTable): T {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(table, name))) as T;
}
