// Memory of a training, each in a process that has done nothing before.
import { columnsOf, obstacle } from './columns.mjs';
import { EngineError, inFreshProcess } from './engineProcess.mjs';
import { cases } from './tasks.mjs';

/** The largest case of each kind of training. */
const trainings = [
  { task: 'taggerTraining', title: 'BiLSTM-CRF training step', sizes: cases.taggerTraining.at(-1) },
  { task: 'lstmTraining', title: 'LSTM forward + backward', sizes: cases.lstm.at(-1) },
];
const STEPS = 3;

async function measured(column, hosts, { task, sizes }) {
  const cannot = obstacle(column, task, hosts);
  if (cannot !== undefined) return { cannot };
  try {
    return await inFreshProcess(column, hosts, async (engine) => {
      const { seconds } = await engine.ask('prepare', { name: task, sizes });
      // The check has trained already, which is enough for an engine that takes its time.
      if (seconds < 1) await engine.ask('time', { runs: STEPS });
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
 *
 * @param tooLong tells whether a column's run of a table takes too long
 */
export async function memoryOfTrainings({ hosts, chosen }) {
  const figures = [];
  for (const training of trainings) {
    for (const column of columnsOf(training.task, chosen)) {
      // An interpreter's memory says nothing that is worth the minutes that its largest case takes.
      const slow = column.id === 'tensorflow-cpu' ? { cannot: 'left out: its largest case takes minutes' } : undefined;
      const figure = slow ?? (await measured(column, hosts, training));
      figures.push({ task: training.task, title: training.title, case: training.sizes.name, column: column.id, ...figure });
    }
  }
  return figures;
}
