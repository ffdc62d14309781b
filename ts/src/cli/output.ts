/** What a command tells: results on stdout, messages on stderr. */

import { styleText } from 'node:util';
import type { Score } from './task.js';
import { padEnd, padStart, widthOf } from './width.js';

/** A colour or weight of text. */
export type Style = Parameters<typeof styleText>[0];

/** Where a command writes. */
export class Output {
  /** Whether stdout is JSON Lines. */
  readonly json: boolean;

  constructor({ json = false }: { json?: boolean }) {
    this.json = json;
  }

  /** An event, on stdout, with --json; nothing otherwise. */
  event(event: string, fields: object): void {
    if (this.json) process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
  }

  /** A line of the result, on stdout, without --json; nothing otherwise. */
  result(line: string): void {
    if (!this.json) process.stdout.write(`${line}\n`);
  }

  /** Part of a line of the result, on stdout, without --json; nothing otherwise. */
  write(text: string): void {
    if (!this.json) process.stdout.write(text);
  }

  /** A line on stderr. */
  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }
}

/** As much of a terminal as decides how text looks on it. */
export type Screen = Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'hasColors' | 'columns'>>;

/** Text in a style, where the screen shows styles. */
export function styled(style: Style, text: string, screen: Screen): string {
  return screen.isTTY === true && screen.hasColors?.() === true ? styleText(style, text, { validateStream: false }) : text;
}

/** `1234567.8` as `1,234,568`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A fraction of one as per cent. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`;
}

/** A score with its value. */
export function scored({ title, format = percent }: Score, value: number): string {
  return `${title} ${format(value)}`;
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Rows as aligned columns, the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? padEnd : padStart)(cell, widths[column] ?? 0)).join('  ').trimEnd(),
  );
}
