/** `ostinato info`. */

import { Command } from 'commander';
import * as v from 'valibot';
import { createEngine, type EngineOptions } from '../engine.js';
import { readModelFileInfo, type ModelFileInfo } from '../io/modelFile.js';
import { areWords } from '../models/language/level.js';
import { REPORT } from '../models/learning/report.js';
import type { Json } from '../spec/spec.js';
import type { TokenizerConfig } from '../text/tokenizer.js';
import { addCommonOptions, ENGINE_OPTIONS, flagOf, gather, pick } from './option.js';
import { count, duration, Output, percent, table } from './output.js';
import type { Given, Score } from './task.js';
import { TASKS } from './tasks.js';

/** The command. */
export function infoCommand(): Command {
  const command = new Command('info')
    .description('Tell what a model file holds: kind, labels, settings, training and tensors.')
    .argument('<model>', 'model file or URL');
  addCommonOptions(command);
  command.addHelpText('after', `
Examples:
  ostinato info ner.safetensors
  ostinato info ner.safetensors --json`);
  return command.action(async (model: string) => {
    const given = await gather<EngineOptions & { json?: boolean }>(command, {}, []);
    const output = new Output(given);
    const engine = await createEngine(pick(given, ENGINE_OPTIONS));
    try {
      tell(output, model, await readModelFileInfo(model, { engine }));
    } finally {
      engine.dispose();
    }
  });
}

function tell(output: Output, model: string, { spec, metadata, tensors, bytes, formatVersion }: ModelFileInfo): void {
  const { words, characters, kind = null, labels = null, intents = null, settings = null, report = null } = metadata;
  const parameters = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const { tokenizer } = Object(settings) as { tokenizer?: unknown };
  const unit = areWords(Object(tokenizer) as TokenizerConfig) ? 'words' : 'tokens';
  const vocabulary = { [unit]: sizeOf(words), characters: sizeOf(characters) };
  output.event('result', { model, kind, formatVersion, bytes, parameters, labels, ...(intents === null ? {} : { intents }), ...vocabulary, settings, report, tensors });

  output.result(`${model}: ${String(kind)}, ${count(parameters)} ${spec === null ? 'numbers' : 'parameters'}, ${count(bytes)} bytes, format ${formatVersion}`);
  if (Array.isArray(labels)) output.result(`\nlabels: ${labels.join(', ')}`);
  if (Array.isArray(intents)) output.result(`intents: ${intents.join(', ')}`);
  for (const [name, size] of Object.entries(vocabulary)) if (size !== null) output.result(`${name}: ${count(size)}`);
  output.result('\nsettings');
  for (const [name, value] of Object.entries(Object(settings) as object)) {
    output.result(`  ${flagOf(name).slice(2)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  output.result('');
  const score = TASKS.find(({ name }) => name === kind)?.score(Object(settings) as Given);
  if (v.is(REPORT, report)) for (const line of trainingLines(report, score)) output.result(line);
  const rows = tensors.map(({ name, dtype, shape }) => [name, dtype, shape.join(' × ')]);
  for (const line of table([['tensor', 'type', 'shape'], ...rows])) output.result(line);
}

/** How many strings a vocabulary holds. */
function sizeOf(vocabulary: Json | undefined): number | null {
  const { tokens } = Object(vocabulary) as { tokens?: unknown };
  return Array.isArray(tokens) ? tokens.length : null;
}

/** What a training did, an epoch a line. */
function trainingLines(report: v.InferOutput<typeof REPORT>, score: Score | undefined): string[] {
  const { epochs, bestEpoch, sentences, tokens, seconds, dev } = report;
  const rows = epochs.map(({ epoch, loss, dev: scores }) => [
    `${epoch}`,
    loss.toFixed(3),
    rateOf(scores, score),
    epoch === bestEpoch ? 'kept' : '',
  ]);
  const on = dev === null ? '' : `, dev ${count(dev.sentences)} examples (${dev.source})`;
  const headline = `trained on ${count(sentences)} examples, ${count(tokens)} tokens${on}, in ${duration(seconds)}`;
  return [headline, ...table([['epoch', 'loss', score === undefined ? '' : `dev ${score.title}`, ''], ...rows]), ''];
}

function rateOf(scores: Readonly<Record<string, number>> | null, score: Score | undefined): string {
  const value = score && scores?.[score.name];
  return value === undefined ? '' : (score?.format ?? percent)(value);
}
