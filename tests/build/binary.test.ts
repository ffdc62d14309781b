import { describe, expect, it } from 'vitest';
import { faults, linkFaults, linkerExports } from '../../scripts/wasm/assertions.mjs';
import { readBinary } from '../../scripts/wasm/binary.mjs';
import { variants } from '../../scripts/wasm/variants.mjs';

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
const module = (...sections: number[][]): Uint8Array => new Uint8Array([...header, ...sections.flat()]);

// 18 pages, at most 16,384 (0x4000 in LEB128), shared.
const shared = [0x03, 18, 0x80, 0x80, 0x01];
const importedMemory = (limits: number[]): number[] => section(2, 1, ...text('env'), ...text('memory'), 0x02, ...limits);
const exported = (...names: string[]): number[] =>
  section(7, names.length, ...names.flatMap((name) => [...text(name), 0x03, 0x00]));
const threadExports = ['__tls_base', '__stack_alloc', '__wbindgen_start', '__wbindgen_thread_destroy', 'wbg_rayon_start_worker'];

describe('readBinary', () => {
  it('reads imports of every kind, memories and exports', () => {
    const types = section(1, 1, 0x60, 0, 0);
    const imports = section(
      2, 4,
      ...text('a'), ...text('f'), 0x00, 0x00,
      ...text('a'), ...text('t'), 0x01, 0x70, 0x01, 1, 2,
      ...text('a'), ...text('g'), 0x03, 0x7f, 0x00,
      ...text('a'), ...text('m'), 0x02, ...shared,
    );
    const exports = section(7, 2, ...text('m'), 0x02, 0x00, ...text('f'), 0x00, 0x00);
    const bytes = module(types, imports, exports);
    expect(readBinary(bytes)).toEqual({
      imports: [
        { module: 'a', name: 'f', kind: 'function' },
        { module: 'a', name: 't', kind: 'table' },
        { module: 'a', name: 'g', kind: 'global' },
        { module: 'a', name: 'm', kind: 'memory', limits: { minimum: 18, maximum: 16_384, shared: true } },
      ],
      memories: [],
      exports: [
        { name: 'm', kind: 'memory' },
        { name: 'f', kind: 'function' },
      ],
      bodies: [],
    });
    // The host agrees with what this test calls a module.
    const compiled = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    expect(WebAssembly.Module.imports(compiled).map(({ name }) => name)).toEqual(['f', 't', 'g', 'm']);
  });

  it('reads a memory without maximum', () => {
    expect(readBinary(module(section(5, 1, 0x00, 17))).memories).toEqual([{ minimum: 17, maximum: undefined, shared: false }]);
  });

  it('reads the code of functions', () => {
    const [empty, one] = [[0, 0x0b], [0, 0x41, 1, 0x1a, 0x0b]];
    const code = section(10, 2, empty.length, ...empty, one.length, ...one);
    expect(readBinary(module(section(5, 1, 0, 1), code)).bodies.map((body) => [...body])).toEqual([empty, one]);
  });

  it('refuses what is not WebAssembly, and a file cut short', () => {
    expect(() => readBinary(new TextEncoder().encode('<!doctype html>'))).toThrow(TypeError);
    expect(() => readBinary(new Uint8Array([...header, 0x05, 0x80]))).toThrow(RangeError);
  });
});

describe('the threaded build', () => {
  const limits = variants.threads;

  it('is right when shared memory with the maximum is imported and all that threads need is exported', () => {
    expect(faults(readBinary(module(importedMemory(shared), exported(...threadExports))), limits)).toEqual([]);
    expect(linkFaults(readBinary(module(exported(...linkerExports))), limits)).toEqual([]);
  });

  it.each([
    ['its own memory', [section(5, 1, ...shared), exported(...threadExports)], /not imported/],
    ['unshared memory', [importedMemory([0x01, 18, 0x80, 0x80, 0x01]), exported(...threadExports)], /not shared/],
    ['memory that cannot grow', [importedMemory([0x03, 18, 18]), exported(...threadExports)], /grows to 18 pages/],
    ['no thread start', [importedMemory(shared), exported(...threadExports.slice(0, -1))], /wbg_rayon_start_worker/],
  ])('is wrong with %s', (_, sections, expected) => {
    expect(faults(readBinary(module(...sections)), limits).join('; ')).toMatch(expected);
  });

  it('is wrong when the linker left out a symbol', () => {
    expect(linkFaults(readBinary(module(exported(...linkerExports.slice(1)))), limits)).toEqual([
      'the linker exports no __heap_base (--export=__heap_base)',
    ]);
  });
});

describe('a build without threads', () => {
  it('makes and exports its own memory', () => {
    const right = module(section(5, 1, 0x00, 17), section(7, 1, ...text('memory'), 0x02, 0x00));
    expect(faults(readBinary(right), variants.baseline)).toEqual([]);
    expect(faults(readBinary(module(importedMemory(shared))), variants.baseline)).toHaveLength(2);
  });
});
