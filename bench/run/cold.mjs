// Cold start: compiling and a first prediction, each in a process that has done nothing before.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnsOf, obstacle } from './columns.mjs';
import { inFreshProcess } from './engineProcess.mjs';
import { spread } from './statistics.mjs';
import { cases, difference, expected, found, text } from './tasks.mjs';

const TASK = 'coldStart';
const [encoder] = cases.encoder;
const head = { task: TASK, title: 'Cold start: compile and first prediction', unit: 'ms', case: 'a small tagger; of rivals only its encoder' };

/** This library tags a text; a rival runs the encoder alone, which is less. */
async function once(column, hosts, model) {
  const reply = await inFreshProcess(column, hosts, (engine) => engine.ask('call', { name: TASK, sizes: { model, text, encoder } }));
  const wrong = difference(reply.result, column.engine === 'ostinato' ? found : expected.lstmForward[encoder.name]);
  if (wrong !== undefined) throw new Error(`${column.title}, cold start: ${wrong}`);
  return reply;
}

/** Figures by column, in milliseconds; `loaded` is what importing the engine took before, which does not count. */
export async function coldStarts({ hosts, chosen, rounds }) {
  const columns = columnsOf(TASK, chosen);
  const model = join(tmpdir(), `ostinato-bench-${process.pid}.safetensors`);
  const maker = columns.find(({ engine, host }) => engine === 'ostinato' && hosts[host] !== undefined);
  if (maker) await inFreshProcess(maker, hosts, (engine) => engine.ask('call', { name: 'modelFile', sizes: { model } }));
  const able = columns.filter((column) => obstacle(column, TASK, hosts) === undefined);
  const times = new Map(able.map(({ id }) => [id, { milliseconds: [], loaded: [] }]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const column of able) {
        const { milliseconds, loaded } = await once(column, hosts, model);
        times.get(column.id).milliseconds.push(milliseconds);
        times.get(column.id).loaded.push(loaded);
      }
    }
  } finally {
    await rm(model, { force: true });
  }
  return columns.map((column) => {
    const time = times.get(column.id);
    if (time === undefined) return { ...head, column: column.id, cannot: obstacle(column, TASK, hosts) };
    return { ...head, column: column.id, ...spread(time.milliseconds), loaded: spread(time.loaded).median };
  });
}
