// The order of a module's functions. gzip looks back 32 KB, a tenth of a core: functions that have code in common make
// the file smaller when they stand close to each other.
import { gzipSync } from 'node:zlib';

/** How many bytes in a row count as code in common. */
const stretch = 6;
/** Stretches that more functions have are everywhere, and say nothing about which belong together. */
const mostSharing = 10;
/** Farther back than this, in bytes, a function no longer counts as close. */
const windows = [16_000, 24_000, 28_000, 31_000];
/** How much a long function's chance to have anything in common is held against it. */
const powers = [0.5, 0.6, 0.7, 0.8, 0.9];

/** For each body, the functions behind each of its stretches that another one has, too. */
function sharing(bodies) {
  const having = new Map();
  const stretches = bodies.map((body, index) => {
    const found = new Set();
    const code = Buffer.from(body);
    for (let at = 0; at + stretch <= code.length; at++) found.add(code.readUIntLE(at, stretch));
    for (const bytes of found) {
      const known = having.get(bytes);
      if (known) known.push(index);
      else having.set(bytes, [index]);
    }
    return [...found];
  });
  return stretches.map((found) =>
    found.map((bytes) => having.get(bytes)).filter(({ length }) => length > 1 && length < mostSharing),
  );
}

/** Begins with the longest function, and always takes the one next that has most in common with those just before. */
function chain(bodies, shared, window, power) {
  const score = new Float64Array(bodies.length);
  const inWindow = new Map();
  const count = (index, by) => {
    for (const group of shared[index]) {
      const before = inWindow.get(group) ?? 0;
      inWindow.set(group, before + by);
      if (before === 0 || before + by === 0) for (const member of group) score[member] += by;
    }
  };
  const left = new Set(bodies.keys());
  const longest = (a, b) => (bodies[b].length > bodies[a].length ? b : a);
  const order = [];
  let [next, first, bytes] = [[...left].reduce(longest), 0, 0];
  while (left.delete(next)) {
    order.push(next);
    count(next, 1);
    for (bytes += bodies[next].length; bytes - bodies[order[first]].length > window; first++) {
      count(order[first], -1);
      bytes -= bodies[order[first]].length;
    }
    let most = -1;
    for (const index of left) {
      const likeness = score[index] / bodies[index].length ** power;
      if (likeness > most) [most, next] = [likeness, index];
    }
  }
  return order;
}

/**
 * The order of `bodies`, the code of all functions, in which they compress best of a few that are tried.
 *
 * @param {Uint8Array[]} bodies
 * @returns {number[]}
 */
export function bestOrder(bodies) {
  const shared = sharing(bodies);
  const size = (order) => gzipSync(Buffer.concat(order.map((index) => bodies[index])), { level: 9 }).length;
  const orders = windows.flatMap((window) => powers.map((power) => chain(bodies, shared, window, power)));
  const sizes = orders.map(size);
  return orders[sizes.indexOf(Math.min(...sizes))];
}

/** A module's text, as wasm-opt prints it, with its functions in another order: names keep the calls right. */
export function reorder(text, order) {
  const [head, ...functions] = text.split(/^(?= \(func )/m);
  if (functions.length !== order.length) throw new RangeError(`${functions.length} functions, ${order.length} in order`);
  const end = '\n )\n';
  const last = functions.at(-1);
  const cut = last.indexOf(end) + end.length;
  functions[functions.length - 1] = last.slice(0, cut);
  return [head, ...order.map((index) => functions[index]), last.slice(cut)].join('');
}
