// jax-js on its wasm backend, which has one thread under Node.
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import {
  CHECKED_RATE, CHECKED_STEPS, digest, GATES, recurrentInput, recurrentWeights, TIMED_RATE, swapLeading, transpose,
} from '../weights.mjs';

/** A step of a cell from `x [batch, gates·hidden]`, the projected input; every call takes what it is given. */
const CELLS = {
  lstm(x, [h, c], { recurrent, bias }) {
    const [input, forget, candidate, output] = np.split(x.add(np.matmul(h, recurrent)).add(bias), 4, 1);
    const next = nn.sigmoid(forget).mul(c).add(nn.sigmoid(input).mul(np.tanh(candidate)));
    return [nn.sigmoid(output).mul(np.tanh(next.ref)), next];
  },
  gru(x, [h], { recurrent, bias }) {
    const [inputReset, inputUpdate, inputNew] = np.split(x, 3, 1);
    const [reset, update, candidate] = np.split(np.matmul(h.ref, recurrent).add(bias), 3, 1);
    const z = nn.sigmoid(inputUpdate.add(update));
    const n = np.tanh(inputNew.add(nn.sigmoid(inputReset.add(reset)).mul(candidate)));
    return [np.array(1).sub(z.ref).mul(n).add(z.mul(h))];
  },
};

/** `[time, batch, directions·hidden]`; there is no scan, so that time is unrolled when it is traced. */
function stack(cell, { batch, time, hidden, directions }, parameters, x) {
  const states = cell === 'lstm' ? 2 : 1;
  for (const layer of parameters) {
    const outputs = layer.map((weights, direction) => {
      const share = { recurrent: weights.recurrent, bias: weights.recurrentBias };
      const width = x.shape[2];
      // One split: a slice a step would have a gradient as large as the whole for each step.
      const projected = np.split(np.matmul(x.ref.reshape([time * batch, width]), weights.input).add(weights.inputBias), time, 0);
      let state = Array.from({ length: states }, () => np.zeros([batch, hidden]));
      const ys = new Array(time);
      for (let step = 0; step < time; step += 1) {
        const t = direction === 0 ? step : time - 1 - step;
        state = CELLS[cell](projected[t], state, tree.ref(share));
        ys[t] = state[0].ref;
      }
      tree.dispose([state, share]);
      return np.stack(ys, 0);
    });
    x.dispose();
    x = directions === 1 ? outputs[0] : np.concatenate(outputs, 2);
  }
  return x;
}

function parametersOf(cell, sizes) {
  const { input, hidden, directions, layers } = sizes;
  const rows = GATES[cell] * hidden;
  const weights = recurrentWeights(sizes, GATES[cell]);
  return Array.from({ length: layers }, (_, layer) => {
    const width = layer === 0 ? input : directions * hidden;
    return [`l${layer}`, `l${layer}_reverse`].slice(0, directions).map((n) => ({
      input: np.array(transpose(weights.get(`weight_ih_${n}`), rows, width)).reshape([width, rows]),
      recurrent: np.array(transpose(weights.get(`weight_hh_${n}`), rows, hidden)).reshape([hidden, rows]),
      inputBias: np.array(weights.get(`bias_ih_${n}`)),
      recurrentBias: np.array(weights.get(`bias_hh_${n}`)),
    }));
  });
}

function inputOf({ batch, time, input }) {
  return np.array(swapLeading(recurrentInput({ batch, time, input }), batch, time, input)).reshape([time, batch, input]);
}

async function forward(cell, sizes) {
  const parameters = parametersOf(cell, sizes);
  const x = inputOf(sizes);
  const compiled = jit((given, data) => stack(cell, sizes, given, data));
  const predict = () => compiled(tree.ref(parameters), x.ref).data();
  return {
    check: async () => digest(swapLeading(await predict(), sizes.time, sizes.batch, sizes.directions * sizes.hidden)),
    run: async () => void (await predict()),
    dispose() {
      compiled.dispose();
      tree.dispose([parameters, x]);
    },
  };
}

async function lstmTraining(sizes) {
  let parameters = parametersOf('lstm', sizes);
  const x = inputOf(sizes);
  const gradient = valueAndGrad((given, data) => np.square(stack('lstm', sizes, given, data)).mean());
  const step = jit((given, data, rate) => {
    const [loss, gradients] = gradient(tree.ref(given), data);
    const next = tree.map((parameter, slope) => parameter.sub(slope.mul(rate.ref)), given, gradients);
    rate.dispose();
    return [loss, next];
  });
  const run = async (rate) => {
    const [loss, next] = step(parameters, x.ref, np.array(rate));
    parameters = next;
    const [value] = await loss.data();
    await Promise.all(tree.leaves(parameters).map((leaf) => leaf.ref.data()));
    return value;
  };
  return {
    async check() {
      const losses = [];
      for (let i = 0; i < CHECKED_STEPS; i += 1) losses.push(await run(CHECKED_RATE));
      return losses;
    },
    run: async () => void (await run(TIMED_RATE)),
    dispose() {
      step.dispose();
      tree.dispose([parameters, x]);
    },
  };
}

async function choose() {
  await init('wasm');
  defaultDevice('wasm');
}

/** Starting the backend, tracing, compiling, and a first prediction. */
async function coldStart({ encoder }) {
  const start = performance.now();
  await choose();
  const result = await (await forward('lstm', encoder)).check();
  return { milliseconds: performance.now() - start, result };
}

export async function start() {
  const on = (task) => async (...sizes) => {
    await choose();
    return task(...sizes);
  };
  return {
    lstmForward: on((sizes) => forward('lstm', sizes)),
    lstmTraining: on(lstmTraining),
    gruForward: on((sizes) => forward('gru', sizes)),
    coldStart,
  };
}
