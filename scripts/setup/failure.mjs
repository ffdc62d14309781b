/** Something cannot be had or done. The message is one sentence a person can act on; `details` is a tool's own output. */
export class Failure extends Error {
  constructor(message, details = '') {
    super(message);
    this.name = 'Failure';
    this.details = details;
  }
}

/** Runs a script's main function: a failure ends it with its sentence, its details before it, and exit code 1. */
export async function main(run) {
  try {
    process.exitCode = (await run(process.argv.slice(2))) ?? 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.details) process.stderr.write(`${error.details.trimEnd()}\n`);
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
