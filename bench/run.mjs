// A run of the bench: tables as they are measured, then the goals.
import { compare, Paces } from './run/compare.mjs';
import { bytesShipped } from './run/bytes.mjs';
import { coldStarts } from './run/cold.mjs';
import { columns } from './run/columns.mjs';
import { EnginePool } from './run/engineProcess.mjs';
import { goalsOf, goalsTable } from './run/goals.mjs';
import { memoryOfTrainings } from './run/memory.mjs';
import { machine } from './run/record.mjs';
import { bytesTable, comparison, figure, latency, memory, range } from './run/table.mjs';
import { corpusTable, tables as ordinary } from './run/tasks.mjs';

/** Cores at work above which other programs are likely to disturb. */
const BUSY = 0.5;

function tablesOf({ only, data, quick }) {
  const all = data === undefined ? ordinary : [...ordinary, corpusTable(data, quick)];
  const wanted = all.filter(({ group }) => only.includes(group));
  return quick ? wanted.map((table) => ({ ...table, cases: table.cases.slice(0, 1) })) : wanted;
}

/**
 * @param options of `readOptions`
 * @param hosts of `findHosts`
 * @param say takes each piece of text when it is there
 * @returns the record
 */
export async function runBench(options, hosts, say) {
  const { only, rounds, quick, data } = options;
  const chosen = columns.filter(({ id }) => options.engines.includes(id));
  const tables = tablesOf(options);
  const record = { date: new Date().toISOString(), machine: await machine(), versions: hosts.versions, rounds, quick, figures: [], memory: [], bytes: [] };
  const { cpu, cores, load } = record.machine;
  say(`${cpu}, ${cores} cores; ${Object.values(hosts.versions).filter(Boolean).join(', ')}; baseline on the second Node, everything else on the first.`);
  say(`Median of ${rounds} interleaved rounds (least–most); one thread unless a column says otherwise.\n`);
  if (load > BUSY) say(`Other programs keep ${figure(load)} cores at work here: these figures tell little.\n`);
  const pool = new EnginePool(hosts);
  const setting = { pool, hosts, chosen, rounds, quick, paces: new Paces() };
  try {
    for (const table of tables) {
      const figures = [];
      for (const sizes of table.cases) figures.push(...(await compare(table, sizes, setting)));
      record.figures.push(...figures);
      say(comparison(`${table.title}, ${table.unit}`, figures, chosen, table.alone ? latency : range));
    }
  } finally {
    pool.stop();
  }
  if (only.includes('corpus') && data === undefined) say('Training on a corpus: skipped, for there is no data folder (--data or DATA_DIR).\n');
  if (only.includes('cold')) {
    const figures = await coldStarts(setting);
    record.figures.push(...figures);
    say(comparison(`${figures[0].title}, ms`, figures, chosen, range));
  }
  if (only.includes('memory')) {
    record.memory = await memoryOfTrainings(setting);
    for (const task of new Set(record.memory.map((one) => one.task))) {
      const figures = record.memory.filter((one) => one.task === task);
      say(comparison(`Peak memory: ${figures[0].title}`, figures, chosen, memory));
    }
  }
  if (only.includes('bytes')) {
    record.bytes = await bytesShipped();
    say(bytesTable(record.bytes));
  }
  record.goals = goalsOf({ ...record, tables });
  if (record.goals.length > 0) say(goalsTable(record.goals));
  return record;
}
