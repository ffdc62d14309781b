// Why gradients are clipped: the same simple recurrent network learns the same text, with and without.
//   node examples/gradient-clipping.mjs [epochs]
import { readFile } from 'node:fs/promises';
import { LanguageModel } from 'ostinato';

const lines = (await readFile(new URL('calendar/train.jsonl', import.meta.url), 'utf8')).trimEnd().split('\n');
const text = lines.slice(0, 400).map((line) => JSON.parse(line).text).join('\n');

// The gradient of a state many steps back is a product of as many matrices: where these make it larger
// rather than smaller, it explodes (Bengio et al. 1994, Pascanu et al. 2013). One step along such a
// gradient throws the weights far away from all that was learnt. Scaled down to a norm, it is a step in the
// same direction, but a small one.
for (const clipNorm of [1, null]) {
  console.log(`\nclipNorm: ${clipNorm}\nepoch     loss  largest gradient norm  perplexity`);
  try {
    await LanguageModel.train(text, {
      architecture: 'rnn',
      layers: 1,
      embeddingSize: 32,
      hiddenSize: 128,
      optimizer: 'sgd',
      learningRate: 1,
      clipNorm,
      sequenceLength: 100,
      epochs: Number(process.argv[2] ?? 8),
      patience: 100,
      onProgress: tell,
    });
  } catch (error) {
    // What is no number is no step: the weights stay as they were, and training ends.
    if (error.code !== 'not_finite') throw error;
    console.log(error.message);
  }
}

function tell({ epoch, step, steps, loss, gradientNorm, dev }) {
  if (step < steps) return;
  const columns = [loss.toFixed(3).padStart(7), gradientNorm.toPrecision(3).padStart(21), dev.perplexity.toPrecision(3).padStart(10)];
  console.log([String(epoch).padStart(5), ...columns].join('  '));
}
