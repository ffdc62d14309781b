// wasm-pack and wasm-bindgen's command line, built by cargo into the project's own folder.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run } from './command.mjs';
import { Failure } from './failure.mjs';
import { at, toolsFolder } from './project.mjs';
import { hostCargo } from './rust.mjs';
import { step } from './step.mjs';

const bin = join(toolsFolder, 'bin');

/** Version of a package in a Cargo.lock. */
export function lockedVersion(lock, name) {
  const entry = new RegExp(`\\[\\[package\\]\\]\\r?\\nname = "${name}"\\r?\\nversion = "([^"]+)"`).exec(lock);
  if (!entry) throw new Failure(`Cargo.lock names no package "${name}".`);
  return entry[1];
}

/** The tools and their versions. wasm-bindgen's two halves must match exactly, so Cargo.lock decides. */
export function toolVersions() {
  return {
    'wasm-pack': '0.15.1',
    'wasm-bindgen': lockedVersion(readFileSync(at('Cargo.lock'), 'utf8'), 'wasm-bindgen'),
  };
}

const packages = { 'wasm-pack': 'wasm-pack', 'wasm-bindgen': 'wasm-bindgen-cli' };

async function ensureTool(tool, version) {
  const present = await attempt(join(bin, tool), ['--version']);
  if (present.code === 0 && present.stdout.trim().split(' ').at(-1) === version) return;
  const cargo = hostCargo();
  await step(`Building ${tool} ${version} with cargo (once, about a minute)`, () =>
    run(
      `cargo could not install ${packages[tool]} ${version} (is the crates registry reachable?).`,
      cargo,
      ['install', `${packages[tool]}@${version}`, '--bin', tool, '--debug', '--force', '--root', toolsFolder],
      // Unoptimised is fast enough (0.2 s a module) and half the wait.
      { env: { ...process.env, CARGO_PROFILE_DEV_DEBUG: '0', CARGO_TARGET_DIR: undefined } },
    ),
  );
}

/** Brings both tools. */
export async function ensureCargoTools() {
  await Promise.all(Object.entries(toolVersions()).map(([tool, version]) => ensureTool(tool, version)));
}

/**
 * A folder to put first on PATH when wasm-pack runs.
 * - `cargo` is the one that belongs to the compiler.
 * - `wasm-bindgen` appends a flag that wasm-pack cannot pass, which lets several instances live in one realm.
 * - `rustc` tells wasm-pack, which would else refuse or download, that there is a std for the target: cargo, which is
 *   told the compiler's path, builds it.
 */
export function toolsPath(rust) {
  const folder = join(toolsFolder, 'shims');
  mkdirSync(folder, { recursive: true });
  const shim = (name, ...lines) => writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  shim('cargo', `exec "${rust.cargo}" "$@"`);
  shim('rustc', `case "$*" in *"--print target-libdir"*) echo "${folder}"; exit ;; esac`, `exec "${rust.rustc}" "$@"`);
  shim('wasm-bindgen', `exec "${join(bin, 'wasm-bindgen')}" "$@" --experimental-reset-state-function`);
  return [folder, bin];
}
