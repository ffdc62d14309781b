// One case on one thread and on several, each in a process of its own: how fast it runs, then where each thread's time goes.
import { inFreshProcess } from '../run/engineProcess.mjs';
import { quantile } from '../run/statistics.mjs';
import { warmUp } from '../run/warm.mjs';
import { sharesOf } from './groups.mjs';

/** Rounds in which both take turns. */
const ROUNDS = 5;

/** A process that runs a case. */
class Runner {
  #engine;
  #amount;
  #once;
  rates = [];

  constructor(engine, { table, sizes }) {
    this.#engine = engine;
    this.#amount = table.amount?.(sizes);
  }

  async prepare({ table, sizes }) {
    await this.#engine.ask('prepare', { name: table.task, sizes, check: false });
    this.#once = await warmUp(this.#engine);
  }

  #runs = (seconds) => Math.max(1, Math.round(seconds / this.#once));

  async time(seconds) {
    const { seconds: took, amount = this.#amount } = await this.#engine.ask('time', { runs: this.#runs(seconds) });
    this.rates.push(amount / took);
  }

  get rate() {
    return quantile(this.rates, 0.5);
  }

  /** Shares of the time by group, of each thread, and then of the first while another one waits. */
  async shares(seconds) {
    const { threads, serial } = await this.#engine.ask('profile', { runs: this.#runs(seconds) });
    return [...threads.map((hits) => sharesOf(hits)), sharesOf(serial.hits, serial.of)];
  }
}

/**
 * `rates` of one thread and of several, in units of the table, median of some rounds; by group, in shares of the time that
 * one alone takes, the time of that one (`alone`), of each of several (`together`), the calling one first, and of the
 * calling one while another waits (`serial`).
 *
 * @param one of `casesOf`
 * @param setting the number of `threads`, the `modules` of both variants with names, the `host`, and the seconds of each measurement
 */
export async function measureThreads(one, { threads, modules, host, seconds }) {
  const settings = [{ variant: 'relaxed', url: modules.relaxed }, { threads, url: modules.threads }];
  const [first, second] = settings.map((given) => ({ host: 'relaxed', engine: 'ostinato', settings: given }));
  const hosts = { relaxed: host };
  return inFreshProcess(first, hosts, (a) =>
    inFreshProcess(second, hosts, async (b) => {
      const runners = [a, b].map((engine) => new Runner(engine, one));
      for (const runner of runners) await runner.prepare(one);
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const runner of runners) await runner.time(seconds / ROUNDS);
      }
      const rates = runners.map(({ rate }) => rate);
      const scaled = (shares) => Object.fromEntries(Object.entries(shares).map(([id, share]) => [id, (share * rates[0]) / rates[1]]));
      const [alone] = await runners[0].shares(seconds);
      const together = (await runners[1].shares(seconds)).map(scaled);
      return { rates, alone, serial: together.pop(), together };
    }),
  );
}
