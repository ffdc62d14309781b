import { createEngine, Extractor, type Engine, type ExtractorTrainOptions, type RequestExample } from 'ostinato';
import { afterAll } from 'vitest';
import { threads, variant } from '../variant.js';
import { small, training } from './sample.js';

/** An engine of the artifact that this run is about, for one test file. */
export async function engineForFile(): Promise<Engine> {
  const engine = await createEngine({ variant, threads });
  afterAll(() => engine.dispose());
  return engine;
}

/** An extractor that has learnt the sample. */
export function trainSmall(engine: Engine, options: ExtractorTrainOptions = {}): Promise<Extractor> {
  return Extractor.train(training as readonly RequestExample[], { ...small, engine, ...options });
}
