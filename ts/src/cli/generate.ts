/** `ostinato generate`. */

import { Command } from 'commander';
import { readText } from '../data/wholeText.js';
import { createEngine, type EngineOptions } from '../engine.js';
import { CancelledError, UsageError } from '../errors.js';
import { BEAM_SEARCH_OPTIONS, GENERATION_OPTIONS } from '../generation/options.js';
import { openFile } from './files.js';
import { interruptible } from './interrupt.js';
import { loadTextModel, textFor, type TextModel } from './language.js';
import { addCommonOptions, addOptions, ENGINE_OPTIONS, flagOf, gather, pick } from './option.js';
import { Output } from './output.js';
import type { Given } from './task.js';

const TABLE = { ...BEAM_SEARCH_OPTIONS, ...GENERATION_OPTIONS };

/** The command. */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description('Let a language model go on with a text.')
    .argument('<model>', 'model file or URL')
    .argument('[prompt]', 'how the text begins; - reads it from stdin (default: the model begins)');
  addOptions(command, TABLE);
  addCommonOptions(command);
  command.addHelpText('after', `
The text comes token by token, the prompt before it; with --beams, the most probable text that is found,
and with --n-best several, a line each. Ctrl-C ends it.

Examples:
  ostinato generate shakespeare.safetensors ROMEO: --temperature 0.8 --max-tokens 500
  ostinato generate names.safetensors --seed 7 --json
  ostinato generate shakespeare.safetensors 'To be' --beams 8 --n-best 3`);
  return command.action(async (path: string, prompt = '') => {
    const given = await gather<Given & EngineOptions & { json?: boolean }>(command, TABLE, []);
    const output = new Output(given);
    const engine = await createEngine(pick(given, ENGINE_OPTIONS));
    try {
      const model = await loadTextModel(path, engine);
      const text = prompt === '-' ? textFor(model, await readText(openFile('-'), { name: 'stdin' })) : prompt;
      const options = pick<Given>(given, TABLE);
      await interruptible(
        () => undefined,
        (signal) => (isSearch(options) ? search(output, model, text, { ...options, signal }) : stream(output, model, text, { ...options, signal })),
      );
    } finally {
      engine.dispose();
    }
  });
}

/**
 * Whether beam search is asked for.
 *
 * @throws UsageError (`bad_option`) for options of either way together
 */
function isSearch(options: Given): boolean {
  const only = (table: object, other: object): string | undefined =>
    Object.keys(options).find((name) => Object.hasOwn(table, name) && !Object.hasOwn(other, name));
  const searching = only(BEAM_SEARCH_OPTIONS, GENERATION_OPTIONS);
  const sampling = only(GENERATION_OPTIONS, BEAM_SEARCH_OPTIONS);
  if (searching !== undefined && sampling !== undefined) {
    throw new UsageError(`${flagOf(sampling)} is of no use beside ${flagOf(searching)}: beam search draws nothing`, { code: 'bad_option' });
  }
  return searching !== undefined;
}

async function stream(output: Output, model: TextModel, prompt: string, options: Given & { signal: AbortSignal }): Promise<void> {
  const begun = performance.now();
  let text = '';
  let tokens = 0;
  let logProb = 0;
  const tell = (how: object): void => {
    const seconds = (performance.now() - begun) / 1000;
    output.event('result', { prompt, text, tokens, logProb, ...how, seconds, tokensPerSecond: tokens / Math.max(seconds, 1e-6) });
  };
  output.write(prompt);
  try {
    const pieces = model.generateStream(prompt, options);
    for (;;) {
      const { value, done } = await pieces.next();
      if (done === true) {
        tell({ end: value });
        break;
      }
      output.write(value.text);
      output.event('token', value);
      text += value.text;
      tokens += 1;
      logProb += value.logProb;
    }
  } catch (error) {
    if (error instanceof CancelledError) tell({ interrupted: true });
    throw error;
  } finally {
    output.write('\n');
  }
}

async function search(output: Output, model: TextModel, prompt: string, options: Given & { signal: AbortSignal }): Promise<void> {
  const texts = await model.beamSearch(prompt, options);
  for (const { text } of texts) output.result(`${prompt}${text}`);
  output.event('result', { prompt, texts });
}
