/** `ostinato tag`. */

import { setImmediate } from 'node:timers/promises';
import { Command } from 'commander';
import { readLines } from '../data/lines.js';
import { formatInline } from '../data/inline.js';
import { createEngine, type EngineOptions } from '../engine.js';
import { Tagger } from '../models/tagger.js';
import { openFile, sourceName } from './files.js';
import { addCommonOptions, ENGINE_OPTIONS, gather, pick } from './option.js';
import { Output } from './output.js';
import { converse } from './prompt.js';

/** Most lines that are tagged at once. */
const LINES = 256;

/** The command. */
export function tagCommand(): Command {
  const command = new Command('tag')
    .description('Find entities in text: a text a line, of a file, of stdin, or typed at a prompt.')
    .argument('<model>', 'model file or URL')
    .argument('[file]', 'text (default: stdin; a prompt when that is a terminal)');
  addCommonOptions(command);
  command.addHelpText('after', `
Entities are marked as in [Ana](PERSON), which train and evaluate read. With --json they come with
offsets, in UTF-16 code units, and scores, the probability of each.

Examples:
  ostinato tag ner.safetensors
  ostinato tag ner.safetensors news.txt > news.tagged.txt
  echo 'lunch with Ana' | ostinato tag ner.safetensors --json`);
  return command.action(async (model: string, file: string | undefined) => {
    const given = await gather<EngineOptions & { json?: boolean }>(command, {}, []);
    const output = new Output(given);
    const engine = await createEngine(pick(given, ENGINE_OPTIONS));
    try {
      const tagger = await Tagger.load(model, { engine });
      const { stdin, stdout, stderr } = process;
      if (file === undefined && stdin.isTTY && !output.json) await converse(tagger, model, { input: stdin, stdout, stderr });
      else await tagLines(output, tagger, model, file ?? '-');
    } finally {
      engine.dispose();
    }
  });
}

async function tagLines(output: Output, tagger: Tagger, model: string, file: string): Promise<void> {
  const begun = performance.now();
  const totals = { texts: 0, characters: 0, entities: 0 };
  for await (const lines of inBlocks(readLines(openFile(file), { name: sourceName(file) }))) {
    const found = await tagger.tagBatch(lines.map(({ text }) => text));
    lines.forEach(({ number, text }, index) => {
      const entities = found[index] ?? [];
      totals.texts += 1;
      totals.characters += text.length;
      totals.entities += entities.length;
      output.event('text', { line: number, text, entities });
      output.result(formatInline(text, entities));
    });
  }
  output.event('result', { task: 'tagger', model, ...totals, seconds: (performance.now() - begun) / 1000 });
}

/** Items together, as many as are there without waiting, so that who types a line sees it tagged. */
async function* inBlocks<T>(items: AsyncGenerator<T>): AsyncGenerator<T[]> {
  let block: T[] = [];
  for (;;) {
    const next = items.next();
    const late = block.length > 0 && (await Promise.race([next.then(() => false), setImmediate(true)]));
    if (late || block.length >= LINES) {
      yield block;
      block = [];
    }
    const { done, value } = await next;
    if (done === true) break;
    block.push(value);
  }
  if (block.length > 0) yield block;
}
