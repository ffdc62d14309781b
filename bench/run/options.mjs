// The command line.
import { parseArgs } from 'node:util';
import { Failure } from '../../scripts/setup/failure.mjs';

/** Parts of a run, for `--only`. */
export const GROUPS = ['lstm', 'gru', 'tagger', 'classifier', 'language', 'corpus', 'latency', 'cold', 'memory', 'bytes'];

export const HELP = `Speed beside other engines: npm run bench -- [options]

  --rounds N        interleaved rounds, whose median counts (default 5)
  --only A,B        parts of the run: ${GROUPS.join(', ')} (default all)
  --engines A,B     columns: ostinato, baseline, threads, pytorch, pytorch-sparse, pytorch-packed, onnxruntime,
                    tensorflow-wasm, tensorflow-cpu, jax, brain (default all)
  --quick           one round of the smallest case of each table: shows that all works, not how fast it is
  --python FILE     a Python that has torch (default OSTINATO_PYTHON, else a python3 on PATH that has it)
  --data DIR        the folder of data sets, for training on resume-ner (default DATA_DIR)
  --json FILE       where the record goes (default bench/records/DATE.json)
  --readme          puts the tables into bench/README.md, too
  --help            this text
`;

/** Names of a list with commas, all that are known by default.
 *
 * @throws Failure naming the option and the name that is wrong
 */
export const list = (name, given, known) => {
  if (given === undefined) return known;
  const names = given.split(',').map((part) => part.trim());
  const wrong = names.find((part) => !known.includes(part));
  if (wrong !== undefined) throw new Failure(`--${name}: expected some of ${known.join(', ')}, given ${wrong}.`);
  return names;
};

/**
 * @param ids the columns that there are
 * @throws Failure naming the option that is wrong
 */
export function readOptions(args, ids) {
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        rounds: text, only: text, engines: text, python: text, data: text, json: text,
        quick: { type: 'boolean', default: false }, readme: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new Failure(`${error.message} See npm run bench -- --help.`);
  }
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Failure(`--rounds: expected a whole number above 0, given ${values.rounds}.`);
  return {
    ...values,
    rounds,
    only: list('only', values.only, GROUPS),
    engines: list('engines', values.engines, ids),
    data: values.data ?? process.env.DATA_DIR,
    python: values.python ?? process.env.OSTINATO_PYTHON,
  };
}
