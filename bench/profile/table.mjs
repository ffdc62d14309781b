// Profiles as a table.
import { figure, grid } from '../run/table.mjs';
import { groups, HOST, REST } from './groups.mjs';

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
