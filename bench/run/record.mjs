// What a run leaves behind.
import { mkdirSync, writeFileSync } from 'node:fs';
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
