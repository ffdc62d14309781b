// The command line.
import { parseArgs } from 'node:util';
import { Failure } from '../../scripts/setup/failure.mjs';
import { dataFolder } from '../../scripts/setup/project.mjs';
import { list } from '../run/options.mjs';
import { cases } from './cases.mjs';

const VARIANTS = ['relaxed', 'baseline'];
const names = cases.map(({ name }) => name);
const sharedNames = cases.filter(({ shared }) => shared).map(({ name }) => name);
const lines = [names.slice(0, 5), names.slice(5)].map((some) => some.join(', '));

export const HELP = `Where the time of a case goes: node bench/profile.mjs [options]

  --only A,B        cases (default all):
                    ${lines.join(',\n                    ')}
  --variant NAME    the build of the core: ${VARIANTS.join(' or ')} (default relaxed)
  --threads N       where the time of each of N threads goes, beside that of one alone (cases: default
                    ${sharedNames.join(', ')})
  --seconds N       how long each case is timed, and then profiled (default 2; 5 with --threads)
  --data DIR        the folder of data sets, for training on resume-ner (default DATA_DIR, else shared/data beside the checkout)
  --readme          puts the table into bench/README.md, too
  --help            this text
`;

/** @throws Failure naming the option that is wrong */
export function readOptions(args) {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  let values;
  try {
    ({ values } = parseArgs({ args, options: { only: text, variant: text, threads: text, seconds: text, data: text, readme: flag, help: flag } }));
  } catch (error) {
    throw new Failure(`${error.message} See node bench/profile.mjs --help.`);
  }
  const { variant = 'relaxed' } = values;
  const threads = Number(values.threads ?? 1);
  if (!Number.isInteger(threads) || threads < 1) throw new Failure(`--threads: expected a whole number above 0, given ${values.threads}.`);
  const together = threads > 1;
  if (together && variant !== 'relaxed') throw new Failure(`--variant: expected relaxed beside --threads ${threads}, given ${variant}.`);
  if (!VARIANTS.includes(variant)) throw new Failure(`--variant: expected ${VARIANTS.join(' or ')}, given ${variant}.`);
  const seconds = Number(values.seconds ?? (together ? 5 : 2));
  if (!(seconds > 0 && seconds < Infinity)) throw new Failure(`--seconds: expected a number above 0, given ${values.seconds}.`);
  return { data: dataFolder, ...values, variant, threads, seconds, only: list('only', values.only ?? (together ? sharedNames.join() : undefined), names) };
}
