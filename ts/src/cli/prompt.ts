/** Putting a model to use as a conversation. */

import { createInterface } from 'node:readline/promises';

/** Where a conversation takes place. */
export interface Terminal {
  input: NodeJS.ReadableStream;
  /** For answers. */
  stdout: NodeJS.WritableStream;
  /** For the prompt. */
  stderr: NodeJS.WritableStream;
}

/**
 * Reads a text a line until the terminal ends it, and answers each.
 *
 * @param greeting what is there to answer
 */
export async function converse(
  greeting: string,
  answer: (text: string) => Promise<string>,
  { input, stdout, stderr }: Terminal,
): Promise<void> {
  stderr.write(`${greeting}. Type a text and press Enter; Ctrl-D ends.\n`);
  const lines = createInterface({ input, output: stderr, prompt: '> ' });
  lines.on('SIGINT', () => lines.close());
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') stdout.write(`${await answer(line)}\n`);
    lines.prompt();
  }
  stderr.write('\n');
}
