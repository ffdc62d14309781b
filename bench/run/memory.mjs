// Memory of a training, each in a process that has done nothing before.
import { columnsOf, obstacle } from './columns.mjs';
import { EngineError, inFreshProcess } from './engineProcess.mjs';
import { cases } from './tasks.mjs';

/** The largest case of each kind of training, and the smallest. */
const trainings = [
  { task: 'taggerTraining', title: 'BiLSTM-CRF training step', large: cases.taggerTraining.at(-1), small: cases.taggerTraining[0] },
  { task: 'lstmTraining', title: 'LSTM forward + backward', large: cases.lstm.at(-1), small: cases.lstm[0] },
];
/** An interpreter's memory is not worth the minutes that the largest case takes it. */
const LEFT_OUT = { 'tensorflow-cpu': 'left out: its largest case takes minutes' };
const STEPS = 2;

async function measured(column, hosts, task, sizes) {
  const cannot = obstacle(column, task, hosts) ?? LEFT_OUT[column.id];
  if (cannot !== undefined) return { cannot };
  try {
    return await inFreshProcess(column, hosts, async (engine) => {
      // The check may take a second model, whose memory is not that of a training.
      await engine.ask('prepare', { name: task, sizes, check: false });
      await engine.ask('time', { runs: STEPS });
      return engine.ask('memory');
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return error.unsupported ? { cannot: error.message } : { failed: error.message };
  }
}

/**
 * By training and column: `process`, the bytes of the process at its peak; `wasm`, those of WebAssembly memory where the
 * engine tells; `needed`, what the sizes of model, optimiser and batch call for.
 */
export async function memoryOfTrainings({ hosts, chosen, quick }) {
  const figures = [];
  for (const { task, title, large, small } of trainings) {
    const sizes = quick ? small : large;
    for (const column of columnsOf(task, chosen)) {
      figures.push({ task, title, case: sizes.name, column: column.id, ...(await measured(column, hosts, task, sizes)) });
    }
  }
  return figures;
}
