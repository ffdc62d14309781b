/** The one place where option names become the wire's: `hiddenSize` to `hidden_size`. */

import type { Json } from './spec.js';

/** Options whose name on the wire is PyTorch's, not their own in other letters. */
const names: { readonly [option: string]: string } = {
  layers: 'num_layers',
};

function snakeCase(name: string): string {
  return names[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** One name as the wire has it. */
export function toWireName(name: string): string {
  return snakeCase(name);
}

function toJson(value: unknown): Json {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) return toWire(value);
  return value as Json;
}

/** Options as the wire has them: names in snake case, nothing that is undefined, plain arrays. */
export function toWire(options: object): { [name: string]: Json } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [snakeCase(name), toJson(value)]));
}
