/** `ostinato tag` and its like: a model put to use on text, line by line. */

import { Command } from 'commander';
import { readLines } from '../data/lines.js';
import { createEngine, type EngineOptions } from '../engine.js';
import type { LearnedModel } from '../models/learned.js';
import { batched } from '../models/text/stream.js';
import { openFile, sourceName } from './files.js';
import { addCommonOptions, addOptions, ENCODING, ENGINE_OPTIONS, gather, pick } from './option.js';
import { Output } from './output.js';
import { converse } from './prompt.js';
import type { AnyTask, Use } from './task.js';

/** Most lines that are read at once. */
const LINES = 256;

const TABLE = { encoding: ENCODING };

/** A task whose models are used text by text. */
type Usable = AnyTask & { readonly use: Use<LearnedModel<unknown>, unknown> };

/** The commands of tasks whose models are used text by text. */
export function useCommands(tasks: readonly AnyTask[]): Command[] {
  return tasks.filter((task): task is Usable => task.use !== undefined).map(useCommand);
}

function useCommand(task: Usable): Command {
  const { use } = task;
  const command = new Command(task.command)
    .description(`${use.summary}: a text a line, of a file, of stdin, or typed at a prompt.`)
    .argument('<model>', 'model file or URL')
    .argument('[file]', 'text (default: stdin; a prompt when that is a terminal)');
  addOptions(command, TABLE);
  addCommonOptions(command);
  command.addHelpText('after', use.help);
  return command.action(async (path: string, file: string | undefined) => {
    const given = await gather<EngineOptions & { encoding?: string; json?: boolean }>(command, TABLE, []);
    const output = new Output(given);
    const engine = await createEngine(pick(given, ENGINE_OPTIONS));
    try {
      const model = await task.load(path, { engine });
      const { stdin, stdout, stderr } = process;
      if (file === undefined && stdin.isTTY && !output.json) {
        const answer = async (text: string): Promise<string> => {
          const [found] = await use.find(model, [text]);
          return use.answer(text, found, model, stdout);
        };
        await converse(`${path} ${use.greeting(model)}`, answer, { input: stdin, stdout, stderr });
      } else {
        await useOnLines(output, task, model, { path, file: file ?? '-', encoding: given.encoding });
      }
    } finally {
      engine.dispose();
    }
  });
}

async function useOnLines(
  output: Output,
  { name, use }: Usable,
  model: LearnedModel<unknown>,
  { path, file, encoding }: { path: string; file: string; encoding: string | undefined },
): Promise<void> {
  const begun = performance.now();
  const tally = use.tally(model);
  const totals = { texts: 0, characters: 0 };
  for await (const lines of batched(readLines(openFile(file), { name: sourceName(file), encoding }), LINES)) {
    const found = await use.find(model, lines.map(({ text }) => text));
    lines.forEach(({ number, text }, index) => {
      totals.texts += 1;
      totals.characters += text.length;
      tally.add(found[index]);
      output.event('text', { line: number, text, ...use.fields(found[index]) });
      output.result(use.line(text, found[index], model));
    });
  }
  output.event('result', { task: name, model: path, ...totals, ...tally.counts(), seconds: (performance.now() - begun) / 1000 });
}
