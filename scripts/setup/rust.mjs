// A Rust compiler that can rebuild std for wasm32. Rebuilding takes std's sources (rust-src); a toolchain of rustup may
// have them, else Debian's packages do.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { attempt, which } from './command.mjs';
import { aptInstall, mayInstall } from './debian.mjs';
import { Failure } from './failure.mjs';
import { step } from './step.mjs';

const minimum = [1, 85]; // edition 2024
const debianPackages = ['rustc-web', 'cargo-web', 'rust-web-src', 'rust-web-llvm', 'lld-22'];

/** `[major, minor]` of `rustc -vV`, and the LLVM it was built with. */
export function parseVersion(text) {
  const release = /^release: (\d+)\.(\d+)/m.exec(text);
  const llvm = /^LLVM version: (\d+)/m.exec(text);
  return release && { release: [Number(release[1]), Number(release[2])], llvm: llvm?.[1] };
}

/** The linker for wasm: rustup ships `rust-lld` with the compiler, Debian has it in packages of LLVM's. */
function findLinker(sysroot, host, llvm) {
  if (existsSync(join(sysroot, 'lib/rustlib', host, 'bin/rust-lld'))) return 'rust-lld';
  return which(`wasm-ld-${llvm}`) ?? which('wasm-ld');
}

/** `{ rustc, cargo, linker, sysroot, version }` when this compiler can build for wasm with its own std, else undefined. */
async function inspect(rustc, cargo) {
  if (!rustc || !cargo) return undefined;
  const version = await attempt(rustc, ['-vV']);
  const parsed = version.code === 0 && parseVersion(version.stdout);
  if (!parsed) return undefined;
  const [major, minor] = parsed.release;
  if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) return undefined;
  const sysroot = (await attempt(rustc, ['--print', 'sysroot'])).stdout.trim();
  if (!existsSync(join(sysroot, 'lib/rustlib/src/rust/library/std/Cargo.toml'))) return undefined;
  const linker = findLinker(sysroot, /^host: (.*)$/m.exec(version.stdout)?.[1] ?? '', parsed.llvm);
  return linker && { rustc, cargo, linker, sysroot, version: parsed.release.join('.') };
}

/** The cargo that belongs to a compiler: another version's may disagree with std's sources. */
const cargoBeside = (rustc) => which('cargo', dirname(rustc));

/** The first toolchain on PATH that can build for wasm; every `rustc` on PATH is looked at, rustup's proxy first. */
export async function findRust() {
  const seen = new Set();
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const rustc = folder && which('rustc', folder);
    if (!rustc || seen.has(rustc)) continue;
    seen.add(rustc);
    const found = await inspect(rustc, cargoBeside(rustc));
    if (found) return found;
  }
  return undefined;
}

/** A toolchain that can build for wasm, brought here if need be. */
export async function ensureRust() {
  let found = await findRust();
  if (found) return found;
  if (which('rustup') && (await attempt('rustup', ['component', 'add', 'rust-src'])).code === 0) found = await findRust();
  if (found) return found;
  let reason = '';
  if (await mayInstall()) {
    await step("Installing Debian's Rust packages with std's sources (about half a minute)", async () => {
      const { installed, output } = await aptInstall(debianPackages);
      if (!installed) reason = output;
    });
  }
  found = await findRust();
  if (found) return found;
  const advice = which('rustup')
    ? `run "rustup component add rust-src", or as root "apt-get install ${debianPackages.join(' ')}"`
    : 'install Rust from https://rustup.rs and run "rustup component add rust-src"';
  throw new Failure(`No Rust toolchain here can build for WebAssembly: ${advice}.`, reason);
}

/** The cargo of this machine, for tools and native tests. */
export function hostCargo() {
  const cargo = which('cargo');
  if (!cargo) throw new Failure('Rust is needed and cargo is not on PATH: see https://rustup.rs.');
  return cargo;
}
