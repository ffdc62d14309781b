/** The continuous cache of a language model. */

import { exp } from '../../arithmetic/exponential.js';
import { ln } from '../../arithmetic/logarithm.js';
import type { CacheOptions } from './adapting.js';

/**
 * The last states of a network, with the token that followed each (Grave, Joulin and Usunier 2017): a
 * token is the more probable, the more the present state is like those that it followed,
 *
 * `p(w) = (1 − share) p_model(w) + share Σ_{i: w_i = w} exp(θ h·h_i) / Σ_i exp(θ h·h_i)`.
 */
export class ContinuousCache {
  readonly #theta: number;
  readonly #share: number;
  readonly #width: number;
  readonly #size: number;
  /** `[size, width]`, the place of the next state going round. */
  readonly #states: Float32Array;
  readonly #tokens: Int32Array;
  readonly #scores: Float64Array;
  #count = 0;

  /** @param width numbers of a state */
  constructor({ size, theta, share }: Required<CacheOptions>, width: number) {
    this.#theta = theta;
    this.#share = share;
    this.#width = width;
    this.#size = size;
    this.#states = new Float32Array(size * width);
    this.#tokens = new Int32Array(size);
    this.#scores = new Float64Array(size);
  }

  /**
   * The natural logarithm of the probability of a token behind a state; both are in the cache from now on.
   *
   * @param logProb what the model gives the token
   */
  next(state: Float32Array, token: number, logProb: number): number {
    const held = Math.min(this.#count, this.#size);
    const mixed = held === 0 ? logProb : this.#mixed(state, token, logProb, held);
    const place = this.#count % this.#size;
    this.#states.set(state, place * this.#width);
    this.#tokens[place] = token;
    this.#count += 1;
    return mixed;
  }

  #mixed(state: Float32Array, token: number, logProb: number, held: number): number {
    const [width, states, scores] = [this.#width, this.#states, this.#scores];
    let most = -Infinity;
    for (let entry = 0; entry < held; entry += 1) {
      let product = 0;
      for (let unit = 0, at = entry * width; unit < width; unit += 1, at += 1) product += (state[unit] as number) * (states[at] as number);
      const score = this.#theta * product;
      scores[entry] = score;
      if (score > most) most = score;
    }
    let [all, same] = [0, 0];
    for (let entry = 0; entry < held; entry += 1) {
      const weight = exp((scores[entry] as number) - most);
      all += weight;
      if (this.#tokens[entry] === token) same += weight;
    }
    return ln((1 - this.#share) * exp(logProb) + (this.#share * same) / all);
  }
}
