// Times the kernels of a module in this Node, in interleaved rounds: node bench/kernels/time.mjs MODULE ROUNDS
// Prints a list of GFLOP/s for each kernel, and of things in a nanosecond for each choice, as JSON.
import { readFileSync } from 'node:fs';

const [file, rounds] = process.argv.slice(2);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)));

/** Largest error that rounding explains. */
const ROUNDING = 1e-5;
const SECONDS = 0.05;

/** Seconds of the processor, so that other programs disturb less. */
const seconds = (kernel, times) => {
  const start = process.cpuUsage();
  exports.run(kernel, times);
  return process.cpuUsage(start).user / 1e6;
};

const kernels = Array.from({ length: exports.kernel_count() }, (_, kernel) => {
  const error = exports.worst_error(kernel);
  if (!(error < ROUNDING)) throw new Error(`kernel ${kernel}: wrong by ${error}`);
  // Calls, not iterations, make V8 optimise a function.
  for (let i = 0; i < 20; i += 1) seconds(kernel, 100);
  // The clock of the processor's time may tick in milliseconds.
  let times = 1000;
  while (seconds(kernel, times) < SECONDS) times *= 2;
  return { kernel, times, rates: [] };
});
for (let round = 0; round < Number(rounds); round += 1) {
  for (const { kernel, times, rates } of kernels) rates.push((exports.operations(kernel) * times) / seconds(kernel, times) / 1e9);
}
process.stdout.write(JSON.stringify(kernels.map(({ rates }) => rates)));
