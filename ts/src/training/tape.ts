/** Forward passes whose loss is computed in JavaScript. */

import { describe, UsageError } from '../errors.js';
import { Owned } from '../memory/owned.js';
import type { Spec } from '../spec/spec.js';
import type { Core } from '../wasm/core.js';
import type { Numbers } from './batch.js';
import type { EntryInfo, SizedBatch } from './encode.js';
import type { Outputs } from './output.js';

/** Gradients of the loss by outputs: as many numbers as the output has, one for a scalar. */
export interface OutputGradients {
  readonly [output: string]: Numbers | number;
}

/** Gradients of the loss by the inputs that were declared with `gradient: true`. */
export interface InputGradients {
  readonly [input: string]: Float32Array;
}

/**
 * A forward pass that keeps what its backward pass needs. `backward` disposes of it.
 *
 * @example
 * const tape = await trainer.forward('predict', batch);
 * const { loss, dLogits } = myLoss(output(tape.outputs, 'logits', 'matrix').data);
 * await tape.backward({ logits: dLogits });
 * await trainer.apply();
 */
export class Tape extends Owned {
  /** What the entry computed. */
  readonly outputs: Outputs;
  readonly #spec: Spec;
  readonly #info: EntryInfo;

  /** Internal: made by `Model.forward`. */
  constructor(core: Core, handle: number, spec: Spec, info: EntryInfo, sized: SizedBatch) {
    super(core, handle, 'this Tape', false);
    this.#spec = spec;
    this.#info = info;
    this.outputs = sized.outputs(core, (output) => core.call((exports) => exports.output(handle, output, 0)));
  }

  /**
   * Adds to the gradients of the model's parameters; returns those of the inputs. The tape is disposed
   * of unless it is to be kept for another pass.
   *
   * @throws UsageError (`invalid_state`) when parameters have changed since the forward pass, when
   *   that was not for training, or when a gradient has another size than its output
   */
  backwardSync(dOutputs: OutputGradients, options: { keep?: boolean } = {}): InputGradients {
    const given = Object.entries(dOutputs).map(([name, gradient]) => {
      const index = this.#info.outputs.findIndex((output) => output.name === name);
      if (index < 0) {
        const names = this.#info.outputs.map((output) => output.name).join(', ');
        throw new UsageError(`dOutputs: expected outputs among ${names}, given ${describe(name)}`, {
          code: 'no_output',
        });
      }
      return { index, gradient: typeof gradient === 'number' ? [gradient] : gradient };
    });
    const { handle } = this;
    const words = given.reduce((sum, { gradient }) => sum + 2 + gradient.length, 0);
    const { ints, floats } = this.core.stageWords(words);
    let at = 0;
    for (const { index, gradient } of given) {
      ints[at] = index;
      ints[at + 1] = gradient.length;
      floats.set(gradient, at + 2);
      at += 2 + gradient.length;
    }
    this.core.call((exports) => exports.backward(handle, words));
    const gradients = this.#inputGradients(handle);
    if (options.keep !== true) this.dispose();
    return gradients;
  }

  /** See {@link backwardSync}. */
  async backward(dOutputs: OutputGradients, options: { keep?: boolean } = {}): Promise<InputGradients> {
    return this.backwardSync(dOutputs, options);
  }

  #inputGradients(handle: number): InputGradients {
    const gradients = this.#info.inputs.flatMap(({ name }, index): [string, Float32Array][] => {
      const input = this.#spec.inputs[name];
      if (input?.type !== 'matrix' || input.gradient !== true) return [];
      this.core.call((exports) => exports.output(handle, index, 1));
      return [[name, this.core.floats()]];
    });
    return Object.fromEntries(gradients);
  }
}
