// One case on every engine: results first, then interleaved rounds, so that a machine that slows down slows all of them.
import { columnsOf, obstacle } from './columns.mjs';
import { quantile, spread } from './statistics.mjs';
import { difference, expected } from './tasks.mjs';
import { WARM, warmUp } from './warm.mjs';

/** What a round of a column takes, in seconds, unless one run takes longer. */
const ROUND = 0.25;
/** Seconds that all rounds of a column may take, for tasks that are not patient. */
const BUDGET = 6;
/** A case whose run would take so many seconds is left out. */
const LONGEST = 20;
/** Runs of a task that is timed run by run. */
const SINGLE_RUNS = 400;

/** The best pace of each column at each task so far, in seconds for a unit of the amount. */
export class Paces {
  #seconds = new Map();

  note(column, task, seconds) {
    const key = `${column.id} ${task}`;
    this.#seconds.set(key, Math.min(seconds, this.#seconds.get(key) ?? Infinity));
  }

  /** Seconds that a run will take, as far as one can tell. */
  estimate(column, task, amount) {
    return (this.#seconds.get(`${column.id} ${task}`) ?? 0) * (amount ?? 0);
  }
}

/** A cell of a table in the making. */
class Contestant {
  constructor(column, engine) {
    this.column = column;
    this.engine = engine;
    this.rates = [];
    this.seconds = [];
  }

  async prepare(table, sizes, paces) {
    const amount = table.amount?.(sizes);
    const long = paces.estimate(this.column, table.task, amount);
    if (long > LONGEST) return { cannot: `left out: one run takes about ${Math.round(long)} s` };
    try {
      const { result } = await this.engine.ask('prepare', { name: table.task, sizes });
      const kind = this.column.expects?.[table.task] ?? table.task;
      const wrong = difference(result, table.expected ?? expected[kind][sizes.name]);
      return wrong === undefined ? undefined : { failed: `wrong result: ${wrong}` };
    } catch (error) {
      if (error.name !== 'EngineError') throw error;
      return error.unsupported ? { cannot: error.message } : { failed: error.message };
    }
  }

  async warm(table, sizes, { rounds, paces, quick }) {
    this.once = await warmUp(this.engine, quick ? 0 : WARM);
    const amount = table.amount?.(sizes);
    if (amount !== undefined) paces.note(this.column, table.task, this.once / amount);
    this.runs = Math.max(1, Math.round(ROUND / this.once));
    this.rounds = table.patient ? rounds : Math.max(1, Math.min(rounds, Math.floor(BUDGET / this.once)));
  }

  async round(table, sizes) {
    if (table.alone) this.seconds.push(...(await this.engine.ask('each', { runs: SINGLE_RUNS })).seconds);
    else {
      const { seconds, amount = table.amount(sizes) } = await this.engine.ask('time', { runs: this.runs });
      this.rates.push(amount / seconds);
    }
  }
}

/** What a cell shows. */
function figureOf({ alone }, { rates, seconds }) {
  if (!alone) return { ...spread(rates), rounds: rates.length };
  const milliseconds = seconds.map((one) => one * 1000);
  return { median: quantile(milliseconds, 0.5), most: quantile(milliseconds, 0.99), runs: milliseconds.length };
}

/**
 * The figures of one case, by column, in the order of the columns: `median`, `least` and `most` of the rates; or, of a
 * task that is timed run by run, `median` and 99th percentile (`most`) in milliseconds; or why there is none, as
 * `cannot` or as `failed`.
 */
export async function compare(table, sizes, setting) {
  const { pool, hosts, chosen, rounds, paces } = setting;
  const figures = new Map();
  const contestants = [];
  for (const column of columnsOf(table.task, chosen)) {
    const cannot = obstacle(column, table.task, hosts);
    figures.set(column.id, { cannot });
    if (cannot !== undefined) continue;
    const contestant = new Contestant(column, pool.of(column));
    const trouble = await contestant.prepare(table, sizes, paces);
    if (trouble) figures.set(column.id, trouble);
    else contestants.push(contestant);
    if (trouble?.failed !== undefined) pool.drop(column);
  }
  // An engine that fails loses its cell; the others go on.
  const each = async (work) => {
    for (const contestant of contestants.filter(({ failed }) => failed === undefined)) {
      try {
        await work(contestant);
      } catch (error) {
        if (error.name !== 'EngineError') throw error;
        contestant.failed = error.message;
      }
    }
  };
  await each((contestant) => contestant.warm(table, sizes, setting));
  for (let round = 0; round < rounds; round += 1) {
    await each(async (contestant) => round < contestant.rounds && contestant.round(table, sizes));
  }
  await each((contestant) => contestant.engine.ask('release'));
  for (const { column, failed } of contestants) if (failed !== undefined) pool.drop(column);
  for (const { column, failed, ...contestant } of contestants) {
    figures.set(column.id, failed === undefined ? figureOf(table, contestant) : { failed });
  }
  return [...figures].map(([column, figure]) => ({ task: table.task, title: table.title, unit: table.unit, case: sizes.name, column, ...figure }));
}
