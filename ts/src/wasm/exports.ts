import type { RawExports } from './bindings.js';

/**
 * The functions of `crates/wasm`, whose comments say what each does. Those that return a plain
 * `number` give -1 when the call failed; pointers and lengths are unsigned.
 */
export interface CoreExports extends RawExports {
  stage(bytes: number): number;
  result_pointer(): number;
  result_length(): number;
  memory_report(): number;
  dispose(handle: number): number;
  shuffle(seed: number, epoch: number, count: number): number;

  model_create(json: number, seed: number, file: number): number;
  model_add_entry(model: number, json: number): number;
  model_describe(model: number): number;
  model_save(model: number, json: number): number;
  file_open(bytes: number): number;

  reserve(model: number, entry: number, words: number, training: number): number;

  read(handle: number, id: number, gradient: number): number;
  write(handle: number, id: number, gradient: number, words: number): number;
  gradient_clear(model: number): number;
  snapshot(model: number): number;
  restore(handle: number, from: number): number;

  state_create(model: number): number;
  state_rows(state: number): number;
  state_gather(state: number, count: number): number;

  trainer_create(model: number, json: number, seed: number): number;
  trainer_average(trainer: number, what: number): number;
  trainer_observe(trainer: number, metric: number): number;
  trainer_apply(trainer: number): number;
  train_step(trainer: number, entry: number, words: number, state: number, rate: number): number;

  forward(
    model: number,
    entry: number,
    words: number,
    state: number,
    training: number,
    seed: number,
    step: number,
  ): number;
  output(tape: number, index: number, gradient: number): number;
  backward(tape: number, words: number): number;
}
