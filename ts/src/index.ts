/**
 * Recurrent sequence models that train and run wherever JavaScript runs.
 *
 * @packageDocumentation
 */

export * from './errors.js';

// Engines
export { createEngine, defaultEngine, Engine } from './engine.js';
export type { EngineOptions, MemoryReport, Variant } from './engine.js';

// Specs
export { SpecBuilder } from './spec/specBuilder.js';
export { entryOf, GraphBuilder } from './spec/builder.js';
export type { IdsOptions, Init, MatrixOptions, NodeOptions, ParameterOptions } from './spec/builder.js';
export type * from './spec/options.js';
export type * from './spec/spec.js';
export type * from './spec/value.js';
export { optimizer, schedule } from './spec/optimizer.js';
export type {
  AdagradOptions,
  AdamOptions,
  CosineScheduleOptions,
  LinearWarmupScheduleOptions,
  OneCycleScheduleOptions,
  OptimizerOptions,
  OptimizerSpec,
  PlateauScheduleOptions,
  RmspropOptions,
  ScheduleSpec,
  SgdOptions,
  StepScheduleOptions,
} from './spec/optimizer.js';

// Models of any spec, and their training
export { Model, Snapshot } from './training/model.js';
export type { ForwardOptions, ModelOptions, ParameterInfo } from './training/model.js';
export { Trainer } from './training/trainer.js';
export type { StepReport, TrainerOptions } from './training/trainer.js';
export { Tape } from './training/tape.js';
export type { InputGradients, OutputGradients } from './training/tape.js';
export type { Batch, Numbers } from './training/batch.js';
export { output, rowOf } from './training/output.js';
export type { IdsOutput, MatrixOutput, Output, Outputs, ScalarOutput } from './training/output.js';
export type { BatchingOptions, TrainingData } from './training/batching.js';
export type { FitOptions } from './training/fit.js';
export type { DevScores, EpochReport, TrainingProgress, TrainingReport } from './training/progress.js';

// Model files
export { FORMAT_VERSION, loadModelFile, readModelFileInfo, saveModelFile } from './io/modelFile.js';
export type { ModelFile, ModelFileInfo, ModelMetadata, ModelSource, TensorInfo } from './io/modelFile.js';
