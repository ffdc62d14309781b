// What this library sets itself, as data, beside what was measured: of several cases the worst counts.
import { figure, grid } from './table.mjs';

const wide = ({ batch }) => batch >= 32;
const one = ({ batch }) => batch === 1;
const named = (...names) => ({ name }) => names.includes(name);

/**
 * `goals` by column; `of` chooses the cases of `tables`; `over` is the column that a figure is divided by, or those of
 * which the faster counts.
 */
const rates = [
  { title: 'LSTM forward, batch ≥ 32, GFLOP/s', task: 'lstmForward', of: wide, goals: { ostinato: 46, baseline: 35 } },
  { title: 'LSTM forward + backward, batch ≥ 32, GFLOP/s', task: 'lstmTraining', of: wide, goals: { ostinato: 45, baseline: 35 } },
  { title: 'LSTM forward, batch 1, hidden 64 and 128, GFLOP/s', task: 'lstmForward', of: (c) => one(c) && c.hidden < 256, goals: { ostinato: 43, baseline: 31 } },
  { title: 'LSTM forward + backward, batch 1, hidden 64 and 128, GFLOP/s', task: 'lstmTraining', of: (c) => one(c) && c.hidden < 256, goals: { ostinato: 43, baseline: 31 } },
  { title: 'LSTM forward, batch 1, hidden 256, 2 layers, GFLOP/s', task: 'lstmForward', of: (c) => one(c) && c.hidden === 256, goals: { ostinato: 40, baseline: 30 } },
  { title: 'LSTM forward + backward, batch 1, hidden 256, 2 layers, GFLOP/s', task: 'lstmTraining', of: (c) => one(c) && c.hidden === 256, goals: { ostinato: 40, baseline: 30 } },
  { title: 'GRU forward, batch 1 and 32, GFLOP/s', task: 'gruForward', goals: { ostinato: 40, baseline: 30 } },
  { title: 'LSTM forward against onnxruntime-web, batch ≥ 32', task: 'lstmForward', of: wide, over: ['onnxruntime'], goals: { ostinato: 1.7 } },
  { title: 'LSTM forward against onnxruntime-web, batch 1', task: 'lstmForward', of: one, over: ['onnxruntime'], goals: { ostinato: 1.6 } },
  { title: 'LSTM training against TensorFlow.js wasm, batch ≥ 32', task: 'lstmTraining', of: wide, over: ['tensorflow-wasm'], goals: { ostinato: 15 } },
  { title: '2 threads over 1, LSTM training, batch 32', task: 'lstmTraining', of: (c) => c.batch === 32, over: ['ostinato'], goals: { threads: 1.85 } },
  { title: '2 threads over 1, tagger training, batch 32', task: 'taggerTraining', of: wide, over: ['ostinato'], goals: { threads: 1.85 } },
  ...[['batch 1', 8, 25], ['batch 10', 1.7, 4], ['batch 32', 1.2, 2]].flatMap(([name, sparse, dense]) => [
    { title: `Tagger training, ${name}, against PyTorch with SparseAdam`, task: 'taggerTraining', of: named(name), over: ['pytorch-sparse'], goals: { ostinato: sparse } },
    { title: `Tagger training, ${name}, against PyTorch as written`, task: 'taggerTraining', of: named(name), over: ['pytorch'], goals: { ostinato: dense } },
  ]),
  { title: 'Tagger decode, batch 1, against PyTorch', task: 'taggerDecode', of: named('batch 1'), over: ['pytorch'], goals: { ostinato: 4 } },
  { title: 'Tagger decode, batch 32, against PyTorch', task: 'taggerDecode', of: named('batch 32'), over: ['pytorch'], goals: { ostinato: 1 } },
  { title: 'Training on resume-ner against PyTorch', task: 'corpusTraining', over: ['pytorch'], goals: { ostinato: 2, threads: 3.5 } },
  { title: 'Training on resume-ner against PyTorch, packed', task: 'corpusTraining', over: ['pytorch-packed'], goals: { ostinato: 2, threads: 3.5 } },
];

/**
 * The worst rate, or ratio of rates, over the cases of a goal; undefined where something was not measured.
 *
 * @param {{ task: string, of?: (sizes: any) => boolean, over?: string[] }} goal
 */
export function worst({ task, of = () => true, over }, column, { figures, tables }) {
  const table = tables.find((candidate) => candidate.task === task && !candidate.alone);
  const medianOf = (name, id) => figures.find((f) => f.task === task && f.case === name && f.column === id && f.unit === table.unit)?.median;
  const values = (table?.cases ?? []).filter(of).map(({ name }) => {
    const value = medianOf(name, column);
    return over === undefined ? value : value / Math.max(...over.map((id) => medianOf(name, id)));
  });
  return values.length > 0 && values.every((value) => value > 0) ? Math.min(...values) : undefined;
}

/** The largest figure of a kind that should be small. */
function largest(figures) {
  const values = figures.filter((value) => value !== undefined);
  return values.length > 0 ? Math.max(...values) : undefined;
}

function limits({ figures, memory, bytes }) {
  const cold = (column) => figures.find((f) => f.task === 'coldStart' && f.column === column)?.median;
  const excess = (column) => largest(memory.filter((f) => f.column === column && f.needed).map(({ wasm, needed }) => wasm / needed));
  const gzip = bytes.find(({ title }) => title === 'ostinato baseline')?.wasm.gzip;
  return [
    { title: 'Cold start, ms', column: 'ostinato', most: 30, value: cold('ostinato') },
    { title: 'Cold start, ms', column: 'baseline', most: 30, value: cold('baseline') },
    { title: 'Memory over what the sizes call for', column: 'ostinato', most: 1.3, value: excess('ostinato') },
    { title: 'Memory over what the sizes call for', column: 'baseline', most: 1.3, value: excess('baseline') },
    { title: 'baseline.wasm gzipped, kB', column: 'baseline', most: 150, value: gzip && gzip / 1000 },
  ];
}

/** Every goal that this run can tell about: `title`, `column`, `least` or `most`, and the `value` that was measured. */
export function goalsOf(run) {
  const reached = rates.flatMap((goal) =>
    Object.entries(goal.goals).map(([column, least]) => ({ title: goal.title, column, least, value: worst(goal, column, run) })),
  );
  return [...reached, ...limits(run)].filter(({ value }) => value !== undefined);
}

/** The goals as a table. */
export function goalsTable(goals) {
  const rows = goals.map(({ title, column, least, most, value }) => {
    const met = least === undefined ? value <= most : value >= least;
    return [title, column, least === undefined ? `≤ ${most}` : `≥ ${least}`, figure(value), met ? 'yes' : 'no'];
  });
  return [...grid([['Goal (of several cases the worst)', 'column', 'goal', 'measured', 'met'], ...rows]), ''].join('\n');
}
