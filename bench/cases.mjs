// What is measured, as data: name, sizes and task.

/** LSTM layers: batch, time, input, hidden, directions, layers. */
export const lstms = [
  { name: '1/64/128/128 bi', batch: 1, time: 64, input: 128, hidden: 128, directions: 2, layers: 1 },
  { name: '32/64/256/256 bi ×2', batch: 32, time: 64, input: 256, hidden: 256, directions: 2, layers: 2 },
  { name: '64/50/128/128', batch: 64, time: 50, input: 128, hidden: 128, directions: 1, layers: 1 },
];

/** A BiLSTM-CRF tagger step: the sizes of a small English NER model. */
export const taggers = [1, 10, 32].map((batch) => ({
  name: `tagger batch ${batch}`,
  batch,
  time: 24,
  vocabulary: 20_000,
  embedding: 100,
  hidden: 100,
  tags: 9,
}));

/**
 * Floating-point operations of one forward pass of an LSTM: 2·T·B·4H·(I+H) summed over layers and
 * directions. Forward and backward together count three times that.
 */
export function forwardOperations({ batch, time, input, hidden, directions, layers }) {
  let operations = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    const width = layer === 0 ? input : directions * hidden;
    operations += directions * 2 * time * batch * 4 * hidden * (width + hidden);
  }
  return operations;
}
