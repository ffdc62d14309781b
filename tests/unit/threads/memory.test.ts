import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemory } from '../../../ts/src/threads/imports.js';

afterEach(() => vi.restoreAllMocks());

/** A host that has room for so many pages; what it was asked for. */
function host(room: number): number[] {
  const asked: number[] = [];
  const Real = WebAssembly.Memory;
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function memory(limits) {
    asked.push(limits.maximum ?? NaN);
    if ((limits.maximum ?? Infinity) > room) throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    return new Real(limits);
  });
  return asked;
}

describe('shared memory', () => {
  it('may grow to the maximum where there is room', () => {
    const asked = host(16_384);
    expect(createMemory({ initial: 2, maximum: 16_384 }).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(asked).toEqual([16_384]);
  });

  it('may grow to a half, a quarter and so on where there is none', () => {
    const asked = host(5_000);
    const memory = createMemory({ initial: 2, maximum: 16_384 });
    expect(asked).toEqual([16_384, 8_192, 4_096]);
    expect(memory.buffer.byteLength).toBe(2 * 65_536);
  });

  it('is refused where there is room for next to nothing', () => {
    const asked = host(1_000);
    expect(() => createMemory({ initial: 2, maximum: 16_384 })).toThrow(RangeError);
    expect(asked.at(-1)).toBe(1_024);
  });
});
