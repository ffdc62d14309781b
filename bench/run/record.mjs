// What a run leaves behind.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SECOND = 1000;

/** Milliseconds that all cores together have worked since the machine started. */
const worked = () => cpus().reduce((total, { times: { user, nice, sys, irq } }) => total + user + nice + sys + irq, 0);

/** The machine, and how many of its cores others kept at work in a second before. */
export async function machine() {
  const [{ model }] = cpus();
  const before = worked();
  await sleep(SECOND);
  return { cpu: model.trim(), cores: cpus().length, memory: totalmem(), load: (worked() - before) / SECOND };
}

/** Writes a record; folders are made. */
export function writeRecord(path, record) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(record, null, 1)}\n`);
}

/** The record of an earlier run, or undefined. */
export function readRecord(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** A page with other text between two of its marks. */
export function withFigures(page, text, mark = 'figures') {
  const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [before, rest] = [page.slice(0, page.indexOf(open) + open.length), page.slice(page.indexOf(close))];
  return `${before}\n${text.trim()}\n\n${rest}`;
}

/** Puts the tables of a run into a page, between its marks. */
export function showFigures(path, text, mark) {
  writeFileSync(path, withFigures(readFileSync(path, 'utf8'), text, mark));
}
