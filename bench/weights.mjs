// The same weights and inputs for every engine, from integers alone.

/** Numbers in ±bound, by a linear congruential generator (Numerical Recipes' constants). */
export function numbers(count, bound, seed) {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 8) / 0x800000 - 1) * bound;
  });
}

/** PyTorch's LSTM parameters by name, gates in the order i, f, g, o. */
export function lstmWeights({ input, hidden, directions, layers }) {
  const bound = 1 / Math.sqrt(hidden);
  const weights = new Map();
  for (let layer = 0; layer < layers; layer += 1) {
    const width = layer === 0 ? input : directions * hidden;
    for (let direction = 0; direction < directions; direction += 1) {
      const suffix = `l${layer}${direction === 1 ? '_reverse' : ''}`;
      const seed = 1000 * layer + 100 * direction;
      weights.set(`weight_ih_${suffix}`, numbers(4 * hidden * width, bound, seed + 1));
      weights.set(`weight_hh_${suffix}`, numbers(4 * hidden * hidden, bound, seed + 2));
      weights.set(`bias_ih_${suffix}`, numbers(4 * hidden, bound, seed + 3));
      weights.set(`bias_hh_${suffix}`, numbers(4 * hidden, bound, seed + 4));
    }
  }
  return weights;
}

/** The input of a case, batch-first `[batch, time, input]`. */
export function lstmInput({ batch, time, input }) {
  return numbers(batch * time * input, 1, 7);
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
