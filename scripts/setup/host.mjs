// What this Node can run, and the other hosts that the library must run in.
import { ensureNpmProgram } from './npm-program.mjs';

/** The artifact that an engine of this Node takes by itself: V8 has relaxed SIMD since 11.4. */
export function hostVariant(v8 = process.versions.v8) {
  const [major, minor] = v8.split('.').map(Number);
  return major > 11 || (major === 11 && minor >= 4) ? 'relaxed' : 'baseline';
}

const ensureNode = (major, purpose) =>
  ensureNpmProgram({ title: `Node ${major}`, folder: `node${major}`, wanted: `node@${major}`, binary: 'node/bin/node', purpose });

/** A Node that runs the relaxed artifact: this one if it does, else one from npm. */
export async function ensureRelaxedNode() {
  return hostVariant() === 'relaxed' ? process.execPath : ensureNode(24, 'what needs relaxed SIMD');
}

/** A Node without relaxed SIMD: this one if it has none, else one from npm. */
export async function ensureBaselineNode() {
  return hostVariant() === 'baseline' ? process.execPath : ensureNode(20, 'what is to run without relaxed SIMD');
}

/** Deno, from npm. */
export const ensureDeno = () =>
  ensureNpmProgram({ title: 'Deno', folder: 'deno', wanted: 'deno@2', binary: '.bin/deno', purpose: 'the tests in Deno' });

/** Bun, from npm. */
export const ensureBun = () =>
  ensureNpmProgram({ title: 'Bun', folder: 'bun', wanted: 'bun@1', binary: '.bin/bun', purpose: 'the tests in Bun' });
