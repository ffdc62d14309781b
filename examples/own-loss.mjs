// A loss that the library does not have, computed in JavaScript: the model gives logits, JavaScript the gradient of the
// loss by them, and the library takes it from there.
//   node examples/own-loss.mjs
import { Model, SpecBuilder, Trainer, optimizer, output } from 'ostinato';

// Sequences of bits, few of which are to be found: a 1 where the last three bits were 1 0 1.
const sequences = Array.from({ length: 64 }, (_, row) =>
  Array.from({ length: 12 + (row % 5) }, (_bit, t) => (((row + 3) * (t + 7) * (t + row + 11)) >> 3) & 1),
);
const targets = sequences.map((bits) => bits.map((bit, t) => Number(t > 1 && bits[t - 2] === 1 && bits[t - 1] === 0 && bit === 1)));

const s = new SpecBuilder();
const time = s.axis('time');
const x = s.matrix('bits', { axis: time, width: 1 });
const h = s.lstm(x, { hiddenSize: 16 });
const spec = s.entry('predict', { logits: s.linear(h, { outputSize: 1 }) }).build();

const model = await Model.create(spec, { seed: 1 });
const trainer = new Trainer(model, { optimizer: optimizer.adam({ learningRate: 0.02 }), clipNorm: 1 });
const batch = {
  rows: sequences.length,
  lengths: { time: sequences.map((bits) => bits.length) },
  inputs: { bits: sequences.flat() },
};
const wanted = targets.flat();

/**
 * Focal loss (Lin et al. 2017): −(1 − p)² ln p of the probability p that the right answer is given, so that what is
 * easy already counts for little. Gives the mean and its gradient by each logit.
 */
function focalLoss(logits) {
  let loss = 0;
  const dLogits = logits.map((logit, index) => {
    const sign = wanted[index] === 1 ? 1 : -1;
    const p = 1 / (1 + Math.exp(-sign * logit));
    loss -= (1 - p) ** 2 * Math.log(p);
    // d/dp of the loss, times dp/dlogit = sign · p (1 − p).
    const dP = 2 * (1 - p) * Math.log(p) - (1 - p) ** 2 / p;
    return (dP * sign * p * (1 - p)) / logits.length;
  });
  return { loss: loss / logits.length, dLogits };
}

for (let step = 1; step <= 300; step += 1) {
  // The tape remembers the forward pass until its backward pass.
  const tape = await trainer.forward('predict', batch);
  const { loss, dLogits } = focalLoss(output(tape.outputs, 'logits', 'matrix').data);
  await tape.backward({ logits: dLogits });
  await trainer.apply();
  if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(5)}`);
}

const { data } = output(await model.predict('predict', batch), 'logits', 'matrix');
const right = data.filter((logit, index) => Number(logit > 0) === wanted[index]).length;
console.log(`${right} of ${wanted.length} right`);

trainer.dispose();
model.dispose();
