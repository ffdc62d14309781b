// The engines that are compared, each on its host, and what each cannot do.

const noCrf = 'it has no CRF';
const inferenceOnly = 'it infers only';
const noLayers = 'left out: it has no layers, and an embedding and the optimiser are not written here as the LSTM is';
const noEmbedding = 'its wasm backend has no gradient of an embedding';
const noText = 'it has no way from text to entities';
const tensorflow = {
  gruForward: 'its GRU has not the form of PyTorch (reset after the recurrent product)',
  taggerTraining: noCrf, taggerDecode: noCrf, corpusTraining: noCrf, sentence: noText,
};
const brain = 'its LSTM has no cell state (the forget gate multiplies the hidden state), no batches and no second direction: no case gives the expected result';

/** Keras adds one bias to a gate where PyTorch adds two, each of which learns. */
const oneBias = { lstmTraining: 'lstmTrainingOneBias', classifierTraining: 'classifierTrainingOneBias', languageTraining: 'languageTrainingOneBias' };

/**
 * Every column. `host` is `relaxed` (a Node with relaxed SIMD), `baseline` (one without) or `python`; a column with
 * `only` stands in the tables of these tasks alone, and one with `expects` has results of its own at some tasks.
 */
export const columns = [
  { id: 'ostinato', title: 'ostinato', host: 'relaxed', engine: 'ostinato', settings: { variant: 'relaxed' } },
  { id: 'baseline', title: 'ostinato baseline', host: 'baseline', engine: 'ostinato', settings: { variant: 'baseline' } },
  { id: 'threads', title: 'ostinato, 2 threads', host: 'relaxed', engine: 'ostinato', settings: { threads: 2 }, only: ['lstmForward', 'lstmTraining', 'taggerTraining', 'classifierTraining', 'languageTraining', 'corpusTraining'] },
  { id: 'pytorch', title: 'PyTorch', host: 'python', engine: 'pytorch', settings: { threads: 1 }, cannot: { sentence: noText } },
  { id: 'pytorch-sparse', title: 'PyTorch, SparseAdam', host: 'python', engine: 'pytorch', settings: { threads: 1, sparse: true }, only: ['taggerTraining'] },
  { id: 'pytorch-packed', title: 'PyTorch, packed', host: 'python', engine: 'pytorch', settings: { threads: 1, packed: true }, only: ['corpusTraining'] },
  {
    id: 'onnxruntime', title: 'onnxruntime-web', host: 'relaxed', engine: 'onnxruntime', settings: {},
    cannot: { lstmTraining: inferenceOnly, taggerTraining: inferenceOnly, classifierTraining: inferenceOnly, languageTraining: inferenceOnly, corpusTraining: inferenceOnly, taggerDecode: noCrf, sentence: noText },
  },
  {
    id: 'tensorflow-wasm', title: 'TensorFlow.js wasm', host: 'relaxed', engine: 'tensorflow', settings: { backend: 'wasm' }, expects: oneBias,
    cannot: { ...tensorflow, classifierTraining: noEmbedding, languageTraining: noEmbedding },
  },
  { id: 'tensorflow-cpu', title: 'TensorFlow.js cpu', host: 'relaxed', engine: 'tensorflow', settings: { backend: 'cpu' }, cannot: tensorflow, expects: oneBias },
  {
    id: 'jax', title: 'jax-js', host: 'relaxed', engine: 'jax', settings: {},
    cannot: {
      taggerTraining: noCrf, taggerDecode: noCrf, corpusTraining: noCrf, sentence: noText,
      classifierTraining: noLayers, languageTraining: noLayers,
    },
  },
  {
    id: 'brain', title: 'brain.js', host: 'relaxed', engine: 'brain', settings: {},
    cannot: Object.fromEntries(
      ['lstmForward', 'lstmTraining', 'gruForward', 'taggerTraining', 'taggerDecode', 'classifierTraining', 'languageTraining', 'corpusTraining', 'sentence', 'coldStart'].map((task) => [task, brain]),
    ),
  },
];

/** The columns of a task's table. */
export function columnsOf(task, chosen) {
  return chosen.filter(({ only }) => only === undefined || only.includes(task));
}

/** Why a column cannot run a task on these hosts, or undefined. */
export function obstacle({ host, cannot }, task, hosts) {
  return cannot?.[task] ?? (hosts[host] === undefined ? hosts.reasons[host] : undefined);
}
