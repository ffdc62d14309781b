// The builds of the compute core, and what sets each apart.
import { linkerExports } from './assertions.mjs';

const page = 65_536;
/** Most a threaded engine's memory can grow to; shared memory must say so beforehand. */
export const sharedMaximum = 1_073_741_824;

const simd = ['+simd128', '+bulk-memory'];

/** Without any of these a threaded module links all the same, and fails or cannot grow when it runs. */
const sharedMemory = [
  '--shared-memory',
  '--import-memory',
  `--max-memory=${sharedMaximum}`,
  ...linkerExports.map((name) => `--export=${name}`),
];

export const variants = {
  /** SIMD only: runs everywhere, and gives the same bits everywhere. */
  baseline: { targetFeatures: simd, linkArguments: [], cargoFeatures: [], sharedPages: undefined, maximumGzip: 150_000 },
  /** With fused multiply-add. */
  relaxed: { targetFeatures: [...simd, '+relaxed-simd'], linkArguments: [], cargoFeatures: [], sharedPages: undefined },
  /** With shared memory and a pool of threads. */
  threads: {
    targetFeatures: [...simd, '+relaxed-simd', '+atomics'],
    linkArguments: sharedMemory,
    cargoFeatures: ['threads'],
    sharedPages: sharedMaximum / page,
  },
};

/**
 * What keeps the artifacts small. A panic is a bug and ends in a trap; its text and place would be a tenth of the file.
 * Kernels are inlined where they say so, and vectorised by hand, so that LLVM's own inlining, vectorising and partial
 * unrolling only make copies: without them the code is a fifth smaller and as fast. Its strength reduction gives every
 * address of a loop an addition of its own, where WebAssembly's loads and stores have an offset: without it the product
 * of one row is a tenth faster, and the file 2 % smaller.
 */
const small = [
  '-Zunstable-options',
  '-Cpanic=immediate-abort',
  '-Zlocation-detail=none',
  '-Cno-vectorize-loops',
  '-Cllvm-args=-inline-threshold=50',
  '-Cllvm-args=-unroll-runtime=false',
  '-Cllvm-args=-unroll-allow-partial=false',
  '-Cllvm-args=-disable-lsr',
];

/** rustc's flags for a variant; `linker` is the toolchain's. Paths of this machine stay out of the artifact. */
export function rustFlags(variant, { linker, remap = [] }) {
  const { targetFeatures, linkArguments } = variants[variant];
  return [
    ...small,
    `-Ctarget-feature=${targetFeatures.join(',')}`,
    `-Clinker=${linker}`,
    ...linkArguments.map((argument) => `-Clink-arg=${argument}`),
    ...remap.map(([from, to]) => `--remap-path-prefix=${from}=${to}`),
  ];
}
