/** `ostinato info`. */

import { Command } from 'commander';
import { createEngine, type EngineOptions } from '../engine.js';
import { readModelFileInfo, type ModelFileInfo } from '../io/modelFile.js';
import { addCommonOptions, ENGINE_OPTIONS, gather, pick } from './option.js';
import { count, Output, table } from './output.js';

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

function tell(output: Output, model: string, { metadata, tensors, bytes, formatVersion }: ModelFileInfo): void {
  const { words, characters, kind, labels, settings, report, ...rest } = metadata;
  const parameters = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const sizes = Object.fromEntries(
    Object.entries({ words, characters }).flatMap(([name, vocabulary]) => {
      const { tokens } = Object(vocabulary) as { tokens?: unknown };
      return Array.isArray(tokens) ? [[name, tokens.length]] : [];
    }),
  );
  const told = { kind, labels, settings, report, ...rest, ...sizes };
  output.event('result', { model, formatVersion, bytes, parameters, ...told, tensors });
  output.result(`${model}: ${String(kind ?? 'model')}, ${count(parameters)} parameters, ${count(bytes)} bytes, format ${formatVersion}`);
  for (const [name, value] of Object.entries(told)) {
    if (name !== 'kind' && value !== undefined) output.result(`${name}: ${shown(value)}`);
  }
  const rows = tensors.map(({ name, dtype, shape }) => [name, dtype, shape.join(' × ')]);
  for (const line of table([['tensor', 'type', 'shape'], ...rows])) output.result(line);
}

/** A value on one line, or a line for each of its fields. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => shown(item)).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `\n  ${name} ${Array.isArray(inner) && inner.length > 8 ? `${inner.length} items` : plain(inner)}`)
    .join('');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
