/** `ostinato evaluate`. */

import { Command } from 'commander';
import { createEngine, type EngineOptions } from '../engine.js';
import { Tagger, EVALUATE_OPTIONS, type TaggerEvaluateOptions } from '../models/tagger.js';
import { DATA_OPTIONS, readFiles, type FileOptions } from './files.js';
import { interruptible } from './interrupt.js';
import { addCommonOptions, addOptions, ENGINE_OPTIONS, gather, pick } from './option.js';
import { Output } from './output.js';
import { scoreLines } from './scores.js';

const TABLE = { ...DATA_OPTIONS, ...EVALUATE_OPTIONS };

/** The command. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('Score a model on labelled data.')
    .argument('<model>', 'model file or URL')
    .argument('<file...>', 'labelled data; - is stdin');
  addOptions(command, TABLE);
  addCommonOptions(command);
  command.addHelpText('after', `
Examples:
  ostinato evaluate ner.safetensors test.conll
  ostinato evaluate ner.safetensors test.conll --mode strict --json`);
  return command.action(async (model: string, files: string[]) => {
    type Given = FileOptions & TaggerEvaluateOptions & EngineOptions & { json?: boolean };
    const given = await gather<Given>(command, TABLE, []);
    const { mode = EVALUATE_OPTIONS.mode.default } = given;
    const output = new Output(given);
    const engine = await createEngine(pick(given, ENGINE_OPTIONS));
    try {
      const tagger = await Tagger.load(model, { engine });
      const examples = await readFiles(files, given);
      const scores = await interruptible(
        () => output.say('Stopping; Ctrl-C again quits at once.'),
        (signal) => tagger.evaluate(examples, { mode, signal }),
      );
      output.event('result', { task: 'tagger', model, mode, ...scores });
      for (const line of scoreLines('', scores)) output.result(line.trimStart());
    } finally {
      engine.dispose();
    }
  });
}
