/** Prefix trees over UTF-16 code units. */

/** Where a walk begins. */
export const ROOT = 0;
/** What `step` gives where no string goes on. */
export const NOWHERE = -1;

/**
 * Strings with a number each, for walks from code unit to code unit. Edges stand in one hash table,
 * open-addressed, so that a tree of 250,000 strings is a few arrays.
 *
 * @example
 * const trie = new Trie([['a', 0], ['ab', 1]]);
 * trie.value(trie.step(ROOT, 'a'.charCodeAt(0))); // 0
 */
export class Trie {
  /** By slot: the node where an edge begins, or `NOWHERE`; its code unit; the node where it leads. */
  #sources = new Int32Array(1024).fill(NOWHERE);
  #units = new Uint16Array(1024);
  #targets = new Int32Array(1024);
  /** By node: the number of the string that ends there, or `NOWHERE`. */
  readonly #values = [NOWHERE];

  /** @param strings each with a number from 0 on; of equal strings the last counts */
  constructor(strings: Iterable<readonly [string, number]>) {
    for (const [string, value] of strings) {
      let node = ROOT;
      for (let at = 0; at < string.length; at += 1) node = this.#grow(node, string.charCodeAt(at));
      this.#values[node] = value;
    }
  }

  /** The node behind an edge, or `NOWHERE`. */
  step(node: number, unit: number): number {
    const slot = this.#slot(node, unit);
    return this.#sources[slot] === NOWHERE ? NOWHERE : (this.#targets[slot] as number);
  }

  /** The node of a string, or `NOWHERE`. */
  walk(string: string): number {
    let node = ROOT;
    for (let at = 0; at < string.length && node !== NOWHERE; at += 1) node = this.step(node, string.charCodeAt(at));
    return node;
  }

  /** The number of the string that ends at a node, or `NOWHERE`. */
  value(node: number): number {
    return this.#values[node] as number;
  }

  #grow(node: number, unit: number): number {
    const slot = this.#slot(node, unit);
    if (this.#sources[slot] !== NOWHERE) return this.#targets[slot] as number;
    const target = this.#values.push(NOWHERE) - 1;
    this.#set(slot, node, unit, target);
    if (target * 2 > this.#sources.length) this.#rehash();
    return target;
  }

  /** The slot that holds an edge, or the free one where it would go. */
  #slot(node: number, unit: number): number {
    const sources = this.#sources;
    const units = this.#units;
    const mask = sources.length - 1;
    let slot = ((Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 7) & mask;
    while (sources[slot] !== NOWHERE && (sources[slot] !== node || units[slot] !== unit)) slot = (slot + 1) & mask;
    return slot;
  }

  #set(slot: number, source: number, unit: number, target: number): void {
    this.#sources[slot] = source;
    this.#units[slot] = unit;
    this.#targets[slot] = target;
  }

  #rehash(): void {
    const [sources, units, targets] = [this.#sources, this.#units, this.#targets];
    this.#sources = new Int32Array(sources.length * 2).fill(NOWHERE);
    this.#units = new Uint16Array(sources.length * 2);
    this.#targets = new Int32Array(sources.length * 2);
    sources.forEach((source, slot) => {
      if (source === NOWHERE) return;
      const unit = units[slot] as number;
      this.#set(this.#slot(source, unit), source, unit, targets[slot] as number);
    });
  }
}
