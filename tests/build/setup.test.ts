import { describe, expect, it } from 'vitest';
import { lockedVersion } from '../../scripts/setup/cargo-tools.mjs';
import { attempt } from '../../scripts/setup/command.mjs';
import { hostVariant } from '../../scripts/setup/host.mjs';
import { lacking } from '../../scripts/setup/npm-packages.mjs';
import { parseVersion } from '../../scripts/setup/rust.mjs';
import { variantOf } from '../../scripts/ostinato.mjs';
import { hasRelaxedSimd } from '../../ts/src/runtime/probe.js';

describe('what is there', () => {
  it('finds packages that are absent or of another version, and lets optional ones be', () => {
    const lock = {
      packages: {
        '': { version: '0.1.0' },
        'node_modules/a': { version: '1.0.0' },
        'node_modules/b': { version: '2.0.0' },
        'node_modules/c': { version: '3.0.0' },
        'node_modules/d': { version: '4.0.0', optional: true },
      },
    };
    const installed = { packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.1' } } };
    expect(lacking(lock, installed)).toEqual(['node_modules/b', 'node_modules/c']);
  });

  it('reads the version of a package from Cargo.lock, and not that of one whose name begins alike', () => {
    const lock = '[[package]]\nname = "wasm-bindgen-macro"\nversion = "0.1.0"\n\n[[package]]\nname = "wasm-bindgen"\nversion = "0.2.130"\n';
    expect(lockedVersion(lock, 'wasm-bindgen')).toBe('0.2.130');
    expect(() => lockedVersion(lock, 'wasm')).toThrow(/no package "wasm"/);
  });

  it("reads rustc's version and that of its LLVM", () => {
    expect(parseVersion('rustc 1.96.0\nrelease: 1.96.0\nLLVM version: 22.1.8\n')).toEqual({ release: [1, 96], llvm: '22' });
    expect(parseVersion('error: no toolchain')).toBeNull();
  });
});

describe('the variant of this Node', () => {
  it('agrees with the probe that engines use', () => {
    expect(hostVariant()).toBe(hasRelaxedSimd() ? 'relaxed' : 'baseline');
  });

  it('is decided by the version of V8', () => {
    expect(['11.3.244.8-node.38', '11.4.1', '12.4.254.21', '9.9.1'].map(hostVariant)).toEqual([
      'baseline', 'relaxed', 'relaxed', 'baseline',
    ]);
  });

  it('gives way to the one that a command line names', () => {
    expect(variantOf(['train', '--variant', 'threads'])).toBe('threads');
    expect(variantOf(['train', '--variant=relaxed'])).toBe('relaxed');
    expect(variantOf(['train', '--variant', 'nonsense'])).toBe(hostVariant());
  });
});

describe('running programs', () => {
  it('gives back the exit code and both streams', async () => {
    const script = 'process.stdout.write("out"); process.stderr.write("err"); process.exit(3)';
    expect(await attempt(process.execPath, ['-e', script])).toMatchObject({ code: 3, stdout: 'out', stderr: 'err' });
  });

  it('reports a program that does not exist', async () => {
    expect((await attempt('ostinato-no-such-program')).code).toBe(127);
  });
});
