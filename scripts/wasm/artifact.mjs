// One artifact: cargo and wasm-bindgen by way of wasm-pack, wasm-opt, a look at what came out, and into `dist/`.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { toolVersions, toolsPath } from '../setup/cargo-tools.mjs';
import { run, withPath } from '../setup/command.mjs';
import { Failure } from '../setup/failure.mjs';
import { at } from '../setup/project.mjs';
import { hashOf, isFresh, stamp } from '../setup/stamp.mjs';
import { faults, linkFaults } from './assertions.mjs';
import { readBinary } from './binary.mjs';
import { threadedGlue } from './glue.mjs';
import { bestOrder, reorder } from './order.mjs';
import { rustFlags, variants } from './variants.mjs';

export const target = 'wasm32-unknown-unknown';
export const buildStd = ['-Zbuild-std=panic_abort,std', '-Zbuild-std-features=optimize_for_size'];
/**
 * What wasm-opt does. The stack, which ends where memory begins, leaves its first kilobyte alone, so that additions to
 * addresses can become offsets; and functions that are called from one place stay apart: they can stand beside others
 * that are like them.
 */
const passes = ['-Oz', '--converge', '--low-memory-unused', '--one-caller-inline-max-function-size=0', '--strip-producers'];

/** What can be built of a variant: the library's core, or the test cases as plain exports. */
export const crates = {
  wasm: {
    sources: ['simd', 'kernels', 'json', 'nn', 'format', 'wasm'],
    outputs: (variant) => [at('dist/wasm', variant, 'ostinato.js'), at('dist/wasm', variant, 'ostinato_bg.wasm')],
  },
  testing: {
    sources: ['simd', 'kernels', 'json', 'nn', 'format', 'testing'],
    outputs: (variant) => [at('dist/testing', `${variant}.wasm`)],
  },
};

/** Hash of everything an artifact is made from. */
export function fingerprint(variant, crate) {
  const inputs = crates[crate].sources.flatMap((name) => [at('crates', name, 'src'), at('crates', name, 'Cargo.toml')]);
  const binaryen = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages['node_modules/binaryen']?.version;
  return hashOf(
    [...inputs, at('Cargo.toml'), at('Cargo.lock'), at('scripts/wasm')],
    { variant, crate, binaryen, tools: toolVersions() },
  );
}

/** Whether an artifact is there and made from the sources as they are. */
export const isBuilt = (variant, crate = 'wasm') =>
  isFresh(`${crate}-${variant}`, fingerprint(variant, crate), crates[crate].outputs(variant));

/** Environment for cargo: this variant's flags, compiler and folder; std is rebuilt in it once. */
export function environment(rust, variant) {
  const home = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const remap = [[home, 'cargo'], [at(), 'ostinato'], [join(rust.sysroot, 'lib/rustlib/src/rust'), 'rust']];
  const env = withPath(toolsPath(rust), {
    ...process.env,
    RUSTC: rust.rustc,
    // Rebuilding std and the atomics feature are not stable, on any toolchain.
    RUSTC_BOOTSTRAP: '1',
    CARGO_TARGET_DIR: at('target', variant),
    // The tools' own stack says nothing about what is wrong with a build.
    RUST_BACKTRACE: '0',
    CARGO_ENCODED_RUSTFLAGS: rustFlags(variant, { linker: rust.linker, remap }).join('\x1f'),
  });
  delete env.RUSTFLAGS;
  return env;
}

/**
 * Compiles the core of a variant with cargo alone: what `buildArtifact` does first. It needs none of the tools, so
 * that it can run while they are being built.
 */
export async function compile(variant, rust, crate = 'wasm') {
  const args = ['build', '--lib', '--release', '--target', target, ...buildStd, '--manifest-path', at('crates', crate, 'Cargo.toml')];
  const features = crate === 'wasm' ? variants[variant].cargoFeatures.flatMap((name) => ['--features', name]) : [];
  await run(`The ${variant} build of crates/${crate} does not compile.`, rust.cargo, [...args, ...features], {
    env: environment(rust, variant),
  });
}

/** Runs wasm-pack on the compiled core; leaves the glue and the unoptimised module in `folder`. */
export async function bind(variant, rust, folder) {
  const { cargoFeatures, ...rest } = variants[variant];
  const raw = at('target', variant, target, 'release/wasm.wasm');
  const names = ['--out-name', 'ostinato', '--out-dir', folder];
  const plain = ['--mode', 'no-install', '--no-opt', '--no-pack', '--no-typescript', '--no-gitignore'];
  const features = cargoFeatures.flatMap((name) => ['--features', name]);
  await run(
    `wasm-pack could not build the ${variant} variant.`,
    'wasm-pack',
    ['build', at('crates/wasm'), '--target', 'web', ...names, ...plain, '--', ...buildStd, ...features],
    { env: environment(rust, variant) },
  );
  check(variant, linkFaults(readBinary(readFileSync(raw)), rest));
  if (rest.sharedPages === undefined) return;
  const glue = join(folder, 'ostinato.js');
  writeFileSync(glue, threadedGlue(readFileSync(glue, 'utf8')));
  rmSync(join(folder, 'snippets'), { recursive: true });
}

const wasmOpt = (variant, from, args) =>
  run(`wasm-opt refused the ${variant} build.`, process.execPath, [at('node_modules/binaryen/bin/wasm-opt'), from, ...args]);

/** Optimises a module in place, as every artifact is. With `names` functions keep theirs; the code is the same. */
export const optimise = (variant, module, { names = false } = {}) =>
  wasmOpt(variant, module, ['-o', module, ...passes, names ? '-g' : '--strip-debug']);

/** Puts the functions of a module into the order in which they compress best; `names` as `optimise` has it. */
export async function putInOrder(variant, module, { names = false } = {}) {
  const text = `${module}.wat`;
  const kept = names ? ['-g'] : [];
  // A text does not say which features it needs.
  const { stdout } = await wasmOpt(variant, module, [...kept, '--print-features', '-S', '-o', text]);
  const features = stdout.split('\n').filter((line) => line.startsWith('--enable-'));
  writeFileSync(text, reorder(readFileSync(text, 'utf8'), bestOrder(readBinary(readFileSync(module)).bodies)));
  await wasmOpt(variant, text, [...kept, ...features, '--optimize-stack-ir', '-o', module]);
  rmSync(text);
}

function check(variant, found) {
  if (found.length > 0) throw new Failure(`The ${variant} build linked wrongly: ${found.join('; ')}.`);
}

/** Replaces `to` by `from` in one move. */
function replace(from, to) {
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

/** Builds one artifact, tools and compiler being there. Resolves with its sizes in bytes, `{ raw, gzip }`. */
export async function buildArtifact(variant, rust, crate = 'wasm') {
  const hash = fingerprint(variant, crate);
  const work = at('target', variant, `${crate}-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    if (crate === 'wasm') await bind(variant, rust, work);
    else {
      await compile(variant, rust, crate);
      cpSync(at('target', variant, target, `release/${crate}.wasm`), join(work, 'ostinato_bg.wasm'));
    }
    const module = join(work, 'ostinato_bg.wasm');
    await optimise(variant, module);
    if (crate === 'wasm') await putInOrder(variant, module);
    const bytes = readFileSync(module);
    const size = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    if (crate === 'wasm') {
      check(variant, faults(readBinary(bytes), variants[variant]));
      withinBudget(variant, size);
      mkdirSync(at('dist/wasm'), { recursive: true });
      replace(work, at('dist/wasm', variant));
    } else {
      mkdirSync(at('dist', crate), { recursive: true });
      renameSync(module, crates[crate].outputs(variant)[0]);
    }
    stamp(`${crate}-${variant}`, hash, crates[crate].outputs(variant));
    return size;
  } finally {
    if (existsSync(work)) rmSync(work, { recursive: true });
  }
}

function withinBudget(variant, { gzip }) {
  const { maximumGzip } = variants[variant];
  if (maximumGzip !== undefined && gzip > maximumGzip) {
    throw new Failure(`The ${variant} build is ${kilobytes(gzip)} gzipped; its budget is ${kilobytes(maximumGzip)}.`);
  }
}

/** A size for people. */
export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
