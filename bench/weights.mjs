// The same weights and inputs for every engine, from integers alone. pytorch/data.py makes the same numbers.

/** The states of a linear congruential generator (Numerical Recipes' constants), as 24 bits. */
function* states(count, seed) {
  let state = seed >>> 0;
  for (let i = 0; i < count; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}

/** Numbers in ±bound. */
export function numbers(count, bound, seed) {
  const values = new Float32Array(count);
  let i = 0;
  for (const state of states(count, seed)) values[i++] = (state / 0x800000 - 1) * bound;
  return values;
}

/** Whole numbers below `limit`. */
export function ids(count, limit, seed) {
  const values = new Int32Array(count);
  let i = 0;
  for (const state of states(count, seed)) values[i++] = Math.floor((state * limit) / 0x1000000);
  return values;
}

/** Gates of a cell. */
export const GATES = { lstm: 4, gru: 3 };

/** The learning rate of the steps that are checked, large enough that a wrong gradient shows. */
export const CHECKED_RATE = 10;
/** What is timed barely learns, so that its numbers stay ordinary ones. */
export const TIMED_RATE = 1e-3;
/** Losses of training that are checked. */
export const CHECKED_STEPS = 2;

/** PyTorch's parameters of a recurrent layer by name, gates in PyTorch's order. */
export function recurrentWeights({ input, hidden, directions, layers }, gates = GATES.lstm) {
  const bound = 1 / Math.sqrt(hidden);
  const weights = new Map();
  for (let layer = 0; layer < layers; layer += 1) {
    const width = layer === 0 ? input : directions * hidden;
    for (let direction = 0; direction < directions; direction += 1) {
      const suffix = `l${layer}${direction === 1 ? '_reverse' : ''}`;
      const seed = 1000 * layer + 100 * direction;
      weights.set(`weight_ih_${suffix}`, numbers(gates * hidden * width, bound, seed + 1));
      weights.set(`weight_hh_${suffix}`, numbers(gates * hidden * hidden, bound, seed + 2));
      weights.set(`bias_ih_${suffix}`, numbers(gates * hidden, bound, seed + 3));
      weights.set(`bias_hh_${suffix}`, numbers(gates * hidden, bound, seed + 4));
    }
  }
  return weights;
}

/** The input of a recurrent case, batch-first `[batch, time, input]`. */
export function recurrentInput({ batch, time, input }) {
  return numbers(batch * time * input, 1, 7);
}

/** Parameters of a tagger by node and name. */
export function taggerWeights({ vocabulary, embedding, hidden, tags }) {
  const lstm = recurrentWeights({ input: embedding, hidden, directions: 2, layers: 1 });
  return new Map([
    ['embedding.weight', numbers(vocabulary * embedding, 1, 11)],
    ...[...lstm].map(([name, values]) => [`lstm.${name}`, values]),
    ['linear.weight', numbers(tags * 2 * hidden, 1, 12)],
    ['linear.bias', numbers(tags, 0.1, 13)],
    ['crf.transitions', numbers(tags * tags, 0.1, 21)],
    ['crf.start_transitions', numbers(tags, 0.1, 22)],
    ['crf.end_transitions', numbers(tags, 0.1, 23)],
  ]);
}

/** Parameters of a classifier by node and name. */
export function classifierWeights({ vocabulary, embedding, hidden, classes }) {
  const lstm = recurrentWeights({ input: embedding, hidden, directions: 2, layers: 1 });
  return new Map([
    ['embedding.weight', numbers(vocabulary * embedding, 1, 11)],
    ...[...lstm].map(([name, values]) => [`lstm.${name}`, values]),
    ['linear.weight', numbers(classes * 2 * hidden, 1, 12)],
    ['linear.bias', numbers(classes, 0.1, 13)],
  ]);
}

/** Parameters of a language model by node and name. */
export function languageWeights({ vocabulary, embedding, hidden, layers }) {
  const lstm = recurrentWeights({ input: embedding, hidden, directions: 1, layers });
  return new Map([
    ['embedding.weight', numbers(vocabulary * embedding, 1, 11)],
    ...[...lstm].map(([name, values]) => [`lstm.${name}`, values]),
    ['linear.weight', numbers(vocabulary * hidden, 1, 12)],
    ['linear.bias', numbers(vocabulary, 0.1, 13)],
  ]);
}

/** Words of each row of a case of texts, whose `time` is a number or the least and the most. */
export function lengthsOf({ batch, time }) {
  if (typeof time === 'number') return new Int32Array(batch).fill(time);
  const [least, most] = time;
  return ids(batch, most - least + 1, 9).map((length) => least + length);
}

/** Word and tag ids of a tagger case, row after row. */
export function taggerBatch(sizes) {
  const lengths = lengthsOf(sizes);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return { lengths, words: ids(total, sizes.vocabulary, 1), tags: ids(total, sizes.tags, 2) };
}

/** Word ids of a classifier case, row after row, and the class of each row. */
export function classifierBatch(sizes) {
  const lengths = lengthsOf(sizes);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return { lengths, words: ids(total, sizes.vocabulary, 1), classes: ids(lengths.length, sizes.classes, 2) };
}

/** Characters of a language model's case and those that follow them, row after row. */
export function languageBatch({ batch, time, vocabulary }) {
  const text = ids(batch * (time + 1), vocabulary, 1);
  const cut = (shift) => {
    const rows = new Int32Array(batch * time);
    for (let row = 0; row < batch; row += 1) {
      const start = row * (time + 1) + shift;
      rows.set(text.subarray(start, start + time), row * time);
    }
    return rows;
  };
  return { lengths: new Int32Array(batch).fill(time), characters: cut(0), next: cut(1) };
}

/** What is compared of many numbers: their mean square and nine of them, from the first to the last. */
export function digest(y) {
  const squares = y.reduce((sum, value) => sum + value * value, 0);
  return [squares / y.length, ...Array.from({ length: 9 }, (_, k) => y[Math.floor((k * (y.length - 1)) / 8)])];
}

/** `[a, b, width]` to `[b, a, width]`. */
export function swapLeading(data, a, b, width) {
  const swapped = new Float32Array(data.length);
  for (let i = 0; i < a; i += 1) {
    for (let j = 0; j < b; j += 1) {
      swapped.set(data.subarray((i * b + j) * width, (i * b + j + 1) * width), (j * a + i) * width);
    }
  }
  return swapped;
}

/** `[rows, columns]` to `[columns, rows]`. */
export function transpose(data, rows, columns) {
  return swapLeading(data, rows, columns, 1);
}
