import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { instantiate } from '../../ts/src/wasm/bindings.js';
import { variant } from '../variant.js';

const file = new URL(`../../dist/wasm/${variant}/ostinato_bg.wasm`, import.meta.url);

describe('instances of the compute core', () => {
  it('have memories of their own, made at once or one after another', async () => {
    const [first, second] = await Promise.all([instantiate(variant), instantiate(variant)]);
    const third = await instantiate(variant);
    const memories = new Set([first, second, third].map(({ memory }) => memory));
    expect(memories.size).toBe(3);
    for (const { exports, memory } of [first, second, third]) expect(exports.memory).toBe(memory);
    const before = second.memory.buffer.byteLength;
    first.memory.grow(1);
    expect(second.memory.buffer.byteLength).toBe(before);
  });

  it('can be made of a module, of bytes, of a URL, of a path and of a response', async () => {
    const bytes = new Uint8Array(await readFile(file));
    const sources = [await WebAssembly.compile(bytes), bytes, bytes.buffer, file, file.pathname, new Response(bytes)];
    for (const source of sources) expect((await instantiate(variant, source)).memory).toBeInstanceOf(WebAssembly.Memory);
  });
});

describe('WebAssembly that is not ours', () => {
  it.each([
    ['bytes that are no module', new TextEncoder().encode('<!doctype html>'), 'bad_module'],
    ['a module of somebody else', new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]), 'bad_module'],
    ['a file that is not there', new URL('file:///no/such/ostinato.wasm'), 'unreadable'],
  ])('gives an error (%s), and the library can be started all the same', async (_, source, code) => {
    // Glue that has started nothing yet.
    vi.resetModules();
    const bindings = await import('../../ts/src/wasm/bindings.js');
    const error = await bindings.instantiate(variant, source).then(() => undefined, (reason: unknown) => reason);
    expect(error).toMatchObject({ name: expect.stringMatching(/^(Ostinato|Data)Error$/), code });
    expect((await bindings.instantiate(variant)).memory).toBeInstanceOf(WebAssembly.Memory);
  });
});
