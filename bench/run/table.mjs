// Tables in Markdown.
import { columnsOf } from './columns.mjs';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const superscript = (number) => [...String(number)].map((digit) => SUPERSCRIPTS[digit]).join('');

/** A number in as many digits as it is worth. */
export function figure(x) {
  if (x >= 1000) return Math.round(x).toLocaleString('en');
  if (x >= 10) return x.toFixed(1);
  return x.toFixed(2);
}

/** Megabytes, by the million. */
export const megabytes = (bytes) => (bytes === undefined ? '' : figure(bytes / 1e6));

/** Reasons under a table, each once. */
class Footnotes {
  #reasons = [];

  mark(word, reason) {
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
    return `${word} ${superscript(this.#reasons.indexOf(reason) + 1)}`;
  }

  get lines() {
    return this.#reasons.map((reason, i) => `${superscript(i + 1)} ${reason.split('\n')[0]}  `);
  }
}

/** Rows of cells, the first of which is the head. */
export function grid([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}

function cell(found, notes, show) {
  if (found === undefined) return '';
  if (found.cannot !== undefined) return notes.mark('cannot', found.cannot);
  if (found.failed !== undefined) return notes.mark('failed', found.failed);
  return show(found);
}

/**
 * Figures as a table: a row for each case, a column for each engine, and the reasons where there is no figure.
 *
 * @param show a figure's cell
 */
export function comparison(title, figures, chosen, show) {
  const notes = new Footnotes();
  const columns = columnsOf(figures[0].task, chosen);
  const names = [...new Set(figures.map((one) => one.case))];
  const rows = names.map((name) => [
    name,
    ...columns.map(({ id }) => cell(figures.find((one) => one.case === name && one.column === id), notes, show)),
  ]);
  const lines = grid([[title, ...columns.map((column) => column.title)], ...rows]);
  return [...lines, ...(notes.lines.length > 0 ? ['', ...notes.lines] : []), ''].join('\n');
}

/** A median with the least and the most. */
export const range = ({ median, least, most }) => `${figure(median)} (${figure(least)}–${figure(most)})`;
/** A median with the 99th percentile. */
export const latency = ({ median, most }) => `${figure(median)} (p99 ${figure(most)})`;

/**
 * Bytes of memory: the process at its peak, and WebAssembly's beside what the sizes call for.
 *
 * @param {{ process: number, wasm?: number, needed?: number }} figures
 */
export function memory({ process, wasm, needed }) {
  const parts = [`${megabytes(process)} MB`];
  if (wasm !== undefined) parts.push(`wasm ${megabytes(wasm)}`);
  if (needed !== undefined) parts.push(`${(wasm / needed).toFixed(2)}× of ${megabytes(needed)}`);
  return parts.join(', ');
}

/** What a page fetches, in kilobytes. */
export function bytesTable(figures) {
  const kilobytes = ({ raw, gzip, brotli }) => [raw, gzip, brotli].map((bytes) => figure(bytes / 1000)).join(' / ');
  const rows = figures.map(({ title, script, wasm, total }) => [title, ...[script, wasm, total].map(kilobytes)]);
  return [...grid([['Bytes shipped, kB raw / gzip / brotli', 'JavaScript', 'WebAssembly', 'both'], ...rows]), ''].join('\n');
}
