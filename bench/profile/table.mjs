// Profiles as a table.
import { figure, grid } from '../run/table.mjs';
import { groups, HOST, REST, WAITING } from './groups.mjs';

const columns = [...groups, REST, HOST];
/** A share in percent; nothing for what rounds to none. */
const percent = (share) => (share < 0.0005 ? '' : (100 * share).toFixed(1));

/**
 * A row a case: shares of its time in percent, how fast it runs, and how fast its matrix products are in their kernels.
 *
 * @param {{ name: string, unit: string, shares: Record<string, number>, rate: number, products: number }[]} profiles
 */
export function profileTable(profiles) {
  const head = ['Share of the time, %', ...columns.map(({ title }) => title), 'rate', 'products, GFLOP/s'];
  const rows = profiles.map(({ name, unit, shares, rate, products }) => [
    name, ...columns.map(({ id }) => percent(shares[id])), `${figure(rate)} ${unit}`, figure(products / 1e9),
  ]);
  return grid([head, ...rows]).join('\n');
}

/** Names of the threads that work together, the calling one first. */
const threadNames = (count) => ['calling thread', ...Array.from({ length: count - 1 }, (_, i) => (count === 2 ? 'helper' : `helper ${i + 1}`))];

/**
 * Rows for a case on one thread, for each of several, and for the calling one while another waits: its time by group, in
 * percent of the time that one alone takes, and how fast the case runs.
 *
 * @param profiles of `measureThreads`, each with the `name` of its case and the `unit` of its rates
 */
export function threadsTable(profiles) {
  const all = [...columns, WAITING];
  const head = ['Time, % of one thread alone', ...all.map(({ title }) => title), 'together', 'rate'];
  const cells = (shares) => [...all.map(({ id }) => percent(shares[id])), percent(Object.values(shares).reduce((sum, share) => sum + share, 0))];
  const rows = profiles.flatMap(({ name, unit, rates: [one, several], alone, together, serial }) => {
    const names = threadNames(together.length);
    return [
      [`${name}, alone`, ...cells(alone), `${figure(one)} ${unit}`],
      ...together.map((shares, i) => [names[i], ...cells(shares), i === 0 ? `${figure(several)} ${unit}, ${figure(several / one)}×` : '']),
      ['calling thread while another waits', ...cells(serial), ''],
    ];
  });
  return grid([head, ...rows]).join('\n');
}
