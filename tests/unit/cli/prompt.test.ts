import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { marked } from '../../../ts/src/cli/marked.js';
import { converse } from '../../../ts/src/cli/prompt.js';
import type { Entity } from '../../../ts/src/text/entity.js';

const labels = ['PERSON', 'PLACE'];
const text = 'with Ana in [Oslo]';
const entities: Entity[] = [
  { type: 'PERSON', start: 5, end: 8, text: 'Ana', score: 0.987 },
  { type: 'PLACE', start: 13, end: 17, text: 'Oslo', score: 1 },
];

describe('marked', () => {
  test('shows colours, labels and scores on a terminal that has colours', () => {
    const shown = marked(text, entities, labels, { isTTY: true, hasColors: () => true });
    expect(shown).toBe(
      'with \u001b[36m[Ana]\u001b[39m\u001b[2m(PERSON 0.99)\u001b[22m in [\u001b[35m[Oslo]\u001b[39m\u001b[2m(PLACE 1.00)\u001b[22m]',
    );
  });

  test('does without colours where there are none', () => {
    expect(marked(text, entities, labels, { isTTY: true, hasColors: () => false })).toBe('with [Ana](PERSON 0.99) in [[Oslo](PLACE 1.00)]');
  });

  test('writes what can be read again elsewhere', () => {
    expect(marked(text, entities, labels, {})).toBe('with [Ana](PERSON) in \\[[Oslo](PLACE)\\]');
  });
});

describe('converse', () => {
  test('answers each line until the input ends', async () => {
    const [input, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const asked: unknown[] = [];
    const answer = async (line: string): Promise<string> => {
      asked.push(line);
      return line.toUpperCase();
    };
    const ended = converse('m.safetensors finds PERSON, PLACE', answer, { input, stdout, stderr });
    input.end(`${text}\n\n  \n${text}\n`);
    await ended;
    expect(asked).toEqual([text, text]);
    const line = `${text.toUpperCase()}\n`;
    expect(String(stdout.read())).toBe(line + line);
    expect(String(stderr.read())).toMatch(/^m\.safetensors finds PERSON, PLACE\. Type a text and press Enter; Ctrl-D ends\.\n> > > > > \n$/);
  });
});
