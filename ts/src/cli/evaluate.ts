/** `ostinato evaluate`. */

import { Command } from 'commander';
import { createEngine, type EngineOptions } from '../engine.js';
import { UsageError } from '../errors.js';
import { readModelFileInfo } from '../io/modelFile.js';
import { checkOptions, type Option, type OptionTable } from '../models/option.js';
import { openModel } from './files.js';
import { interruptible } from './interrupt.js';
import { addCommonOptions, addOptions, ENGINE_OPTIONS, flagOf, gather, mergeTables, pick } from './option.js';
import { Output } from './output.js';
import type { AnyTask, Given } from './task.js';
import { TASKS, taskOf } from './tasks.js';

const TABLE = mergeTables(TASKS.map(({ reading, scoring }) => ({ ...reading, ...scoring })));

/** The command. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('Score a model of any kind on labelled data.')
    .argument('<model>', 'model file or URL')
    .argument('<file...>', 'labelled data; - is stdin');
  addOptions(command, TABLE);
  addCommonOptions(command);
  command.addHelpText('after', `
Options that are of one kind of model alone are refused for another.

Examples:
  ostinato evaluate ner.safetensors test.conll
  ostinato evaluate spam.safetensors test.csv
  ostinato evaluate ner.safetensors test.conll --mode strict --json`);
  return command.action(async (path: string, files: string[]) => {
    const given = await gather<Given & EngineOptions & { json?: boolean }>(command, TABLE, []);
    const output = new Output(given);
    const engine = await createEngine(pick(given, ENGINE_OPTIONS));
    try {
      const file = await openModel(path);
      const task = taskOf(await readModelFileInfo(file, { engine }), path);
      checkGiven(task, pick(given, TABLE));
      const model = await task.load(file, { engine });
      const examples = await task.read(files, { ...task.readingFor?.(model), ...pick<Given>(given, task.reading) }, model.settings as Given);
      const scoring = { ...defaultsOf(task.scoring), ...pick<Given>(given, task.scoring) };
      const scores = await interruptible(
        () => output.say('Stopping; Ctrl-C again quits at once.'),
        (signal) => task.evaluate(model, examples, scoring, signal),
      );
      output.event('result', { task: task.name, model: path, ...scoring, ...scores });
      for (const line of task.tell(scores, process.stdout)) output.result(line);
    } finally {
      engine.dispose();
    }
  });
}

/** @throws UsageError (`bad_option`) for an option that models of this kind do not have */
function checkGiven({ name, reading, scoring }: AnyTask, given: Given): void {
  const table: OptionTable = { ...reading, ...scoring };
  const foreign = Object.keys(given).find((option) => !Object.hasOwn(table, option));
  if (foreign !== undefined) throw new UsageError(`${flagOf(foreign)} is no option for this ${name}`, { code: 'bad_option' });
  checkOptions(given, table);
}

function defaultsOf(table: OptionTable): Given {
  const entries = Object.entries<Option>(table).filter(([, option]) => option.default !== undefined);
  return Object.fromEntries(entries.map(([name, option]) => [name, option.default]));
}
