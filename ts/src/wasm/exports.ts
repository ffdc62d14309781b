import type { RawExports } from './bindings.js';

/**
 * The functions of `crates/wasm`, whose comments say what each does. Those that return a plain
 * `number` give -1 when the call failed; pointers and lengths are unsigned.
 */
export interface CoreExports extends RawExports {
  stage(bytes: number): number;
  staging_pointer(): number;
  result_pointer(): number;
  result_length(): number;
  memory_report(): number;
  dispose(handle: number): number;
  shuffle(seed: number, epoch: number, count: number): number;

  model_create(json: number, seed: number): number;
  model_add_entry(model: number, json: number): number;
  model_describe(model: number): number;
  model_load(file: number, json: number): number;
  model_save(model: number, json: number): number;
  file_open(bytes: number): number;

  reserve(model: number, entry: number, words: number, training: number): number;
  predict(model: number, entry: number, words: number): number;
  output(index: number): number;

  parameter_read(model: number, id: number, gradient: number): number;
  parameter_write(model: number, id: number, gradient: number, words: number): number;
  gradient_clear(model: number): number;
  snapshot(model: number): number;
  restore(model: number, snapshot: number): number;

  trainer_create(model: number, json: number, seed: number): number;
  trainer_observe(trainer: number, metric: number): number;
  trainer_apply(trainer: number): number;
  train_step(trainer: number, entry: number, words: number): number;

  forward(model: number, entry: number, words: number, training: number, seed: number, step: number): number;
  tape_output(tape: number, index: number): number;
  backward(tape: number, words: number): number;
  input_gradient(tape: number, input: number): number;
}
