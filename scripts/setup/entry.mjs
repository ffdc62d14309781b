// How a script begins and ends.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stopAll } from './command.mjs';
import { Failure } from './failure.mjs';

/** Whether this module is the script that was called, rather than imported by another. */
export function isEntry(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}

/**
 * What a script does about a failure: it stops what else is under way and tells the person the tool's own words, then
 * the sentence. Any other error is a bug of the script and goes on its way.
 */
export function report(failure) {
  if (!(failure instanceof Failure)) throw failure;
  stopAll();
  if (failure.details) process.stderr.write(`${failure.details.trimEnd()}\n`);
  process.stderr.write(`\n${failure.message}\n`);
}

/** Runs a script's main function, which may return an exit code; a failure ends the script with its sentence and 1. */
export async function main(run) {
  let code = 1;
  try {
    code = (await run(process.argv.slice(2))) ?? 0;
  } catch (error) {
    report(error);
  }
  // What was under way beside the failure would else go on to install and build.
  if (code !== 0) process.exit(code);
}
