// What this Node can run, and the other hosts that the library must run in.
import { ensureNpmProgram } from './npm-program.mjs';

/** The artifact that an engine of this Node takes by itself: V8 has relaxed SIMD since 11.4. */
export function hostVariant(v8 = process.versions.v8) {
  const [major, minor] = v8.split('.').map(Number);
  return major > 11 || (major === 11 && minor >= 4) ? 'relaxed' : 'baseline';
}

/** A Node that runs the relaxed artifact: this one if it does, else one from npm. */
export async function ensureRelaxedNode() {
  if (hostVariant() === 'relaxed') return process.execPath;
  return ensureNpmProgram({
    title: 'Node 24', folder: 'node24', wanted: 'node@24', binary: 'node/bin/node', purpose: 'the tests that need relaxed SIMD',
  });
}

/** Deno, from npm. */
export const ensureDeno = () =>
  ensureNpmProgram({ title: 'Deno', folder: 'deno', wanted: 'deno@2', binary: '.bin/deno', purpose: 'the tests in Deno' });

/** Bun, from npm. */
export const ensureBun = () =>
  ensureNpmProgram({ title: 'Bun', folder: 'bun', wanted: 'bun@1', binary: '.bin/bun', purpose: 'the tests in Bun' });
