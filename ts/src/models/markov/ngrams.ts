/** Counts of n-grams of every length up to an order. */

/** What is counted: every occurrence of an n-gram, or the different symbols that stand before it. */
export type Counting = 'occurrences' | 'continuations';

/** Longest n-grams there may be. */
export const LONGEST = 20;

/** The node of the empty n-gram. */
export const ROOT = 0;
/** No node: the n-gram was never seen. */
export const NONE = -1;

/** N-grams with counts of one, two … up to this many are counted, to estimate discounts from. */
const RARE = 4;

/** Nodes that there is room for at first; a power of two. */
const FEWEST = 1 << 10;
/** Slots a node: at least half of them stay free. */
const SPACE = 2;

/** The n-grams as numbers, node by node from the first behind the root. */
export interface NgramTable {
  /** Node of the n-gram without its last symbol: the root, or a node before this one. */
  readonly parents: Int32Array;
  /** Last symbol. */
  readonly symbols: Int32Array;
  readonly counts: Int32Array;
}

/**
 * A tree of n-grams, whose nodes are numbers: a node stands for the symbols on the way from the root. It
 * is a single hash table of (node, symbol) over typed arrays, some 50 bytes a node.
 *
 * Of `continuations`, n-grams below the order count the different symbols that stood before them, and
 * each occurrence that nothing stood before, as at the start of a document (Heafield et al. 2013).
 */
export class Ngrams {
  /** Length of the longest n-grams. */
  readonly order: number;
  readonly #continuations: boolean;
  /** Nodes there are. */
  #size = 1;
  #parents = new Int32Array(FEWEST);
  #symbols = new Int32Array(FEWEST);
  #counts = new Int32Array(FEWEST);
  /** Sum of the counts of a node's children, and how many of these have been counted. */
  #totals = new Int32Array(FEWEST);
  #kinds = new Int32Array(FEWEST);
  /** How many of its children have a count of one, and of two. */
  #once = new Int32Array(FEWEST);
  #twice = new Int32Array(FEWEST);
  /** A node's newest child, and the next older child of its parent; the root, no one's child, ends a list. */
  #newest = new Int32Array(FEWEST);
  #older = new Int32Array(FEWEST);
  /** Nodes by hash; the root, which is nowhere in it, marks what is free. */
  #slots = new Int32Array(SPACE * FEWEST);
  /** How many n-grams of each length have a count of 1, 2 …: `[order, RARE]`. */
  readonly #rare: Int32Array;

  constructor(order: number, counting: Counting) {
    this.order = order;
    this.#continuations = counting === 'continuations';
    this.#rare = new Int32Array(order * RARE);
  }

  /** How often an n-gram was counted. */
  count(node: number): number {
    return this.#counts[node] as number;
  }

  /** Sum of the counts of what followed an n-gram. */
  total(node: number): number {
    return this.#totals[node] as number;
  }

  /** How many different symbols followed an n-gram. */
  kinds(node: number): number {
    return this.#kinds[node] as number;
  }

  /** How many different symbols followed an n-gram once. */
  once(node: number): number {
    return this.#once[node] as number;
  }

  /** How many different symbols followed an n-gram twice. */
  twice(node: number): number {
    return this.#twice[node] as number;
  }

  /** How many n-grams of a length were counted so often, once to four times. */
  rare(length: number, count: number): number {
    return this.#rare[(length - 1) * RARE + count - 1] as number;
  }

  /** The n-gram with one more symbol; `NONE` if it was never seen. */
  child(node: number, symbol: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash(node, symbol) & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot] as number;
      if (found === ROOT) return NONE;
      if (this.#parents[found] === node && this.#symbols[found] === symbol) return found;
    }
  }

  /** Calls `visit` with each symbol that followed an n-gram, and its node. */
  children(node: number, visit: (symbol: number, child: number) => void): void {
    for (let child = this.#newest[node] as number; child !== ROOT; child = this.#older[child] as number) {
      visit(this.#symbols[child] as number, child);
    }
  }

  /** The contexts of every length, from none to one less than the order, at a place that nothing stands before. */
  contexts(): Int32Array {
    const contexts = new Int32Array(this.order).fill(NONE);
    contexts[0] = ROOT;
    return contexts;
  }

  /** Moves contexts one symbol on. */
  advance(contexts: Int32Array, symbol: number): void {
    let carried = ROOT;
    for (let length = 0; length < contexts.length; length += 1) {
      const context = contexts[length] as number;
      contexts[length] = carried;
      // What follows what was never seen was never seen either.
      carried = context === NONE ? NONE : this.child(context, symbol);
    }
  }

  /** Counts the n-grams that end with each of `symbols`; the place before them has `contexts`, which move along. */
  add(symbols: Int32Array, contexts: Int32Array): void {
    const { order } = this;
    for (const symbol of symbols) {
      let carried = ROOT;
      // Node and context of the n-gram that is one symbol shorter.
      let [shorter, shorterContext] = [ROOT, ROOT];
      let length = 0;
      for (; length < order; length += 1) {
        const context = contexts[length] as number;
        contexts[length] = carried;
        if (context === NONE) break;
        const known = this.#size;
        const node = this.#childOrNew(context, symbol);
        if (!this.#continuations || length === order - 1) this.#increment(node, context, length);
        if (this.#continuations && length > 0 && node === known) this.#increment(shorter, shorterContext, length - 1);
        [shorter, shorterContext, carried] = [node, context, node];
      }
      // Nothing stands before the longest.
      if (this.#continuations && length < order) this.#increment(shorter, shorterContext, length - 1);
    }
  }

  /** Makes a place for an n-gram of one symbol, which contexts may then hold, without counting it. */
  admit(symbol: number): void {
    this.#childOrNew(ROOT, symbol);
  }

  /**
   * The n-grams of a table.
   *
   * @param size one more than the largest symbol
   * @returns undefined where it is no tree of n-grams
   */
  static fromTable(order: number, counting: Counting, size: number, { parents, symbols, counts }: NgramTable): Ngrams | undefined {
    const ngrams = new Ngrams(order, counting);
    // Lengths of the n-grams of all nodes.
    const lengths = new Uint8Array(parents.length + 1);
    for (let index = 0; index < parents.length; index += 1) {
      const [parent, symbol, count] = [parents[index], symbols[index], counts[index]] as [number, number, number];
      const depth = lengths[parent];
      const sound = parent >= 0 && parent <= index && depth !== undefined && depth < order && symbol >= 0 && symbol < size && count >= 0;
      if (!sound || ngrams.#childOrNew(parent, symbol) !== index + 1) return undefined;
      lengths[index + 1] = depth + 1;
      ngrams.#counts[index + 1] = count;
      (ngrams.#totals[parent] as number) += count;
      if ((ngrams.#totals[parent] as number) < 0) return undefined; // more than fits
      if (count === 0) continue;
      ngrams.#recount(parent, depth, 0, -1);
      ngrams.#recount(parent, depth, count, 1);
    }
    return ngrams;
  }

  /** All n-grams; the arrays are copies. */
  table(): NgramTable {
    const of = (values: Int32Array): Int32Array => values.slice(1, this.#size);
    return { parents: of(this.#parents), symbols: of(this.#symbols), counts: of(this.#counts) };
  }

  /** @param depth length of the n-gram's context */
  #increment(node: number, parent: number, depth: number): void {
    const count = this.#counts[node] as number;
    this.#counts[node] = count + 1;
    (this.#totals[parent] as number) += 1;
    this.#recount(parent, depth, count, -1);
    this.#recount(parent, depth, count + 1, 1);
  }

  /** One n-gram more, or less, has a count. */
  #recount(parent: number, depth: number, count: number, change: 1 | -1): void {
    if (count === 0) (this.#kinds[parent] as number) -= change;
    else if (count <= RARE) (this.#rare[depth * RARE + count - 1] as number) += change;
    if (count === 1) (this.#once[parent] as number) += change;
    else if (count === 2) (this.#twice[parent] as number) += change;
  }

  #childOrNew(parent: number, symbol: number): number {
    const known = this.child(parent, symbol);
    if (known !== NONE) return known;
    if (this.#size === this.#parents.length) this.#grow();
    const node = this.#size;
    this.#size += 1;
    this.#parents[node] = parent;
    this.#symbols[node] = symbol;
    this.#older[node] = this.#newest[parent] as number;
    this.#newest[parent] = node;
    this.#place(node);
    return node;
  }

  #place(node: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(this.#parents[node] as number, this.#symbols[node] as number) & mask;
    while (slots[slot] !== ROOT) slot = (slot + 1) & mask;
    slots[slot] = node;
  }

  #grow(): void {
    this.#parents = doubled(this.#parents);
    this.#symbols = doubled(this.#symbols);
    this.#counts = doubled(this.#counts);
    this.#totals = doubled(this.#totals);
    this.#kinds = doubled(this.#kinds);
    this.#once = doubled(this.#once);
    this.#twice = doubled(this.#twice);
    this.#newest = doubled(this.#newest);
    this.#older = doubled(this.#older);
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let node = 1; node < this.#size; node += 1) this.#place(node);
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** Mixes both numbers into all bits, the low ones most (as the finaliser of MurmurHash3 does). */
function hash(node: number, symbol: number): number {
  let mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
