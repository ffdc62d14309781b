/** The grammar of the command line, and how a run of it ends. */

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CancelledError, InternalError, OstinatoError, UsageError } from '../errors.js';
import { evaluateCommand } from './evaluate.js';
import { generateCommand } from './generate.js';
import { infoCommand } from './info.js';
import { useCommands } from './predict.js';
import { scoreCommand } from './score.js';
import { TASKS } from './tasks.js';
import { trainCommand } from './train.js';

/** Exit codes. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;
const INTERRUPTED = 130;

/** The whole command; each part says how it went by throwing or not. */
export function program(): Command {
  const command = new Command('ostinato')
    .description('Trains recurrent sequence models, scores them and puts them to use.')
    .version(version(), '--version', 'print the version')
    .addHelpText('after', `
Examples:
  ostinato train tagger requests.jsonl
  ostinato train classifier reviews.csv
  ostinato train extractor requests.jsonl --slots DATE=one
  ostinato train lm shakespeare.txt
  ostinato evaluate requests.ostinato.safetensors more.jsonl
  echo 'lunch with Ana' | ostinato tag requests.ostinato.safetensors
  ostinato classify reviews.ostinato.safetensors new.txt > labelled.tsv
  ostinato generate shakespeare.ostinato.safetensors ROMEO: --temperature 0.8

Results go to stdout, progress and messages to stderr; with --json, stdout is one JSON object a line.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`);
  for (const part of [trainCommand(), evaluateCommand(), ...useCommands(TASKS), generateCommand(), scoreCommand(), infoCommand()]) {
    command.addCommand(part);
  }
  // What is set on the outermost command alone does not reach the others.
  const settle = (each: Command): void => {
    each
      .exitOverride()
      .helpCommand(false)
      .helpOption('-h, --help', 'print this help')
      .showHelpAfterError('(--help tells more)')
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ostinato: ')) });
    each.commands.forEach(settle);
  };
  settle(command);
  return command;
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Runs the command with these arguments; resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  // A reader such as `head` that has seen enough ends the command, quietly.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(DONE);
    throw error;
  });
  try {
    await program().parseAsync([...args], { from: 'user' });
    return DONE;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/** Says what went wrong, in one sentence unless the fault is ours. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
  if (error instanceof CancelledError) return INTERRUPTED;
  if (error instanceof OstinatoError && !(error instanceof InternalError)) {
    process.stderr.write(`ostinato: ${error.message}\n`);
    return error instanceof UsageError ? WRONG_USAGE : FAILED;
  }
  const trace = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`ostinato: this is a bug in ostinato, please report it:\n${trace}\n`);
  return FAILED;
}
