/** Tagging as a conversation. */

import { createInterface } from 'node:readline/promises';
import { formatInline } from '../data/inline.js';
import type { Tagger } from '../models/tagger.js';
import type { Entity } from '../text/entity.js';
import { styled, type ScreenLike, type Style } from './output.js';

/** Colours of labels, in turn. */
const COLOURS: readonly Style[] = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'];

/** Where a conversation takes place. */
export interface Terminal {
  input: NodeJS.ReadableStream;
  /** For results. */
  stdout: NodeJS.WritableStream & Partial<ScreenLike>;
  /** For the prompt. */
  stderr: NodeJS.WritableStream;
}

/** Reads a text a line until the terminal ends it, and shows its entities. */
export async function converse(
  tagger: Pick<Tagger, 'labels' | 'tag'>,
  model: string,
  { input, stdout, stderr }: Terminal,
): Promise<void> {
  stderr.write(`${model} finds ${tagger.labels.join(', ')}. Type a text and press Enter; Ctrl-D ends.\n`);
  const lines = createInterface({ input, output: stderr, prompt: '> ' });
  lines.on('SIGINT', () => lines.close());
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') stdout.write(`${marked(line, await tagger.tag(line), tagger.labels, stdout)}\n`);
    lines.prompt();
  }
  stderr.write('\n');
}

/** A text with its entities marked as the stream can show them: with colours and scores on a terminal. */
export function marked(text: string, entities: readonly Entity[], labels: readonly string[], stream: Partial<ScreenLike>): string {
  if (stream.isTTY !== true) return formatInline(text, entities);
  let shown = '';
  let at = 0;
  for (const { type, start, end, score } of entities) {
    const colour = COLOURS[labels.indexOf(type) % COLOURS.length] ?? 'cyan';
    const entity = styled(colour, `[${text.slice(start, end)}]`, stream);
    shown += `${text.slice(at, start)}${entity}${styled('dim', `(${type} ${score.toFixed(2)})`, stream)}`;
    at = end;
  }
  return shown + text.slice(at);
}
