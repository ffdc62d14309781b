import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bestOrder, reorder } from '../../scripts/wasm/order.mjs';

const gzipped = (bodies: Uint8Array[]): number => gzipSync(Buffer.concat(bodies)).length;

describe('bestOrder', () => {
  // Twins farther apart than gzip looks back.
  const random = Array.from({ length: 6 }, () => randomBytes(9000));
  const bodies = [...random, ...random.map((body) => Buffer.concat([body, randomBytes(20)]))];

  it('puts functions that have code in common beside each other', () => {
    const order = bestOrder(bodies);
    expect([...order].sort((a, b) => a - b)).toEqual([...bodies.keys()]);
    expect(gzipped(bodies)).toBeGreaterThan(12 * 9000);
    expect(gzipped(order.map((index) => bodies[index]!))).toBeLessThan(6.5 * 9000);
  });
});

describe('reorder', () => {
  const text = [
    '(module', ' (import "env" "log" (func $log))', ' (func $a', '  (call $b)', ' )', ' (func $b', '  (nop)', ' )',
    ' (func $c', ' )', ' ;; the end', ')', '',
  ].join('\n');

  it('moves functions and nothing else', () => {
    expect(reorder(text, [0, 1, 2])).toBe(text);
    expect(reorder(text, [2, 0, 1]).split('\n')).toEqual([
      '(module', ' (import "env" "log" (func $log))', ' (func $c', ' )', ' (func $a', '  (call $b)', ' )', ' (func $b',
      '  (nop)', ' )', ' ;; the end', ')', '',
    ]);
  });

  it('refuses an order of another number of functions', () => {
    expect(() => reorder(text, [1, 0])).toThrow('3 functions, 2 in order');
  });
});
