// What a run leaves behind.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';

/** The machine, and how busy it was before. */
export function machine() {
  const [{ model }] = cpus();
  return { cpu: model.trim(), cores: cpus().length, memory: totalmem(), load: loadavg()[0] };
}

/** Writes a record; folders are made. */
export function writeRecord(path, record) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(record, null, 1)}\n`);
}

const [OPEN, CLOSE] = ['<!-- figures -->', '<!-- /figures -->'];

/** A page with other text between its two marks. */
export function withFigures(page, text) {
  const [before, rest] = [page.slice(0, page.indexOf(OPEN) + OPEN.length), page.slice(page.indexOf(CLOSE))];
  return `${before}\n${text.trim()}\n\n${rest}`;
}

/** Puts the tables of a run into a page. */
export function showFigures(path, text) {
  writeFileSync(path, withFigures(readFileSync(path, 'utf8'), text));
}
