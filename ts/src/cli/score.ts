/** `ostinato score`. */

import { Command } from 'commander';
import { readText } from '../data/wholeText.js';
import { createEngine, type EngineOptions } from '../engine.js';
import { DataError, UsageError } from '../errors.js';
import { LanguageModel } from '../models/languageModel.js';
import { READING_FLAGS } from '../models/languageModel/adapting.js';
import { openFile, sourceName } from './files.js';
import { interruptible } from './interrupt.js';
import { loadTextModel, textFor } from './language.js';
import { addCommonOptions, addOptions, ENCODING, ENGINE_OPTIONS, flagOf, gather, pick } from './option.js';
import { count, Output } from './output.js';
import type { Given } from './task.js';

const TABLE = { encoding: ENCODING, ...READING_FLAGS };

/** The command. */
export function scoreCommand(): Command {
  const command = new Command('score')
    .description('Tell how much each token of a text surprises a language model.')
    .argument('<model>', 'model file or URL')
    .argument('[file]', 'text (default: stdin)');
  addOptions(command, TABLE);
  addCommonOptions(command);
  command.addHelpText('after', `
Each token is a line: its surprisal in bits, a tab, and the token as a JSON string. With --json its place
in the text comes, too. Perplexity and bits a character of the whole text come last, on stderr without --json.

Examples:
  ostinato score shakespeare.safetensors sonnet.txt
  ostinato score shakespeare.safetensors sonnet.txt --dynamic
  echo 'To be or not to be' | ostinato score shakespeare.safetensors --json`);
  return command.action(async (path: string, file = '-') => {
    const given = await gather<Given & EngineOptions & { encoding?: string; json?: boolean }>(command, TABLE, []);
    const output = new Output(given);
    const engine = await createEngine(pick(given, ENGINE_OPTIONS));
    try {
      const model = await loadTextModel(path, engine);
      const reading = pick<Given>(given, READING_FLAGS);
      const [foreign] = model instanceof LanguageModel ? [] : Object.keys(reading);
      if (foreign !== undefined) throw new UsageError(`${flagOf(foreign)} is no option for this model: it is no network`, { code: 'bad_option' });
      const text = textFor(model, await readText(openFile(file), { name: sourceName(file), encoding: given.encoding }));
      const begun = performance.now();
      const { tokens, ...rates } = await interruptible(
        () => output.say('Stopping; Ctrl-C again quits at once.'),
        (signal) => model.score(text, { ...reading, signal }),
      );
      // No perplexity can be told of nothing.
      if (tokens.length === 0) throw new DataError('expected a text, found none', { code: 'no_data', source: sourceName(file) });
      const seconds = (performance.now() - begun) / 1000;
      for (const token of tokens) {
        output.event('token', token);
        output.result(`${token.surprisal.toFixed(3)}\t${JSON.stringify(token.text)}`);
      }
      output.event('result', { model: path, ...rates, tokens: tokens.length, seconds });
      if (!output.json) {
        output.say(`perplexity ${rates.perplexity.toFixed(3)}, ${rates.bitsPerCharacter.toFixed(3)} bits a character, ${count(tokens.length)} tokens`);
      }
    } finally {
      engine.dispose();
    }
  });
}
