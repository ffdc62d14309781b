/** Tagging as a conversation. */

import { createInterface } from 'node:readline/promises';
import { formatInline } from '../data/inline.js';
import type { Tagger } from '../models/tagger.js';
import type { Entity } from '../text/entity.js';
import { styled, type Style } from './output.js';

/** Colours of labels, in turn. */
const COLOURS: readonly Style[] = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'];

/** Reads a text a line until the terminal ends it, and shows its entities. */
export async function converse(tagger: Tagger, model: string): Promise<void> {
  process.stderr.write(`${model} finds ${tagger.labels.join(', ')}. Type a text and press Enter; Ctrl-D ends.\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr, prompt: '> ' });
  terminal.on('SIGINT', () => terminal.close());
  terminal.prompt();
  for await (const line of terminal) {
    if (line.trim() !== '') process.stdout.write(`${marked(line, await tagger.tag(line), tagger.labels)}\n`);
    terminal.prompt();
  }
  process.stderr.write('\n');
}

/** A text with its entities marked, each with its label and score. */
export function marked(text: string, entities: readonly Entity[], labels: readonly string[]): string {
  const { stdout } = process;
  if (!stdout.isTTY) return formatInline(text, entities);
  let shown = '';
  let at = 0;
  for (const { type, start, end, score } of entities) {
    const colour = COLOURS[labels.indexOf(type) % COLOURS.length] ?? 'cyan';
    const entity = styled(colour, `[${text.slice(start, end)}]`, stdout);
    shown += `${text.slice(at, start)}${entity}${styled('dim', `(${type} ${score.toFixed(2)})`, stdout)}`;
    at = end;
  }
  return shown + text.slice(at);
}
