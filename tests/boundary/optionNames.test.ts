import { expect, it } from 'vitest';
import { createEngine } from '../../ts/src/engine.js';
import { loadModelFile, readModelFileInfo, saveModelFile } from '../../ts/src/io/modelFile.js';
import { optimizer } from '../../ts/src/spec/optimizer.js';
import { Model } from '../../ts/src/training/model.js';
import { Trainer } from '../../ts/src/training/trainer.js';
import { labelBatch, labelSpec, rejected, testEngine, testModel, testTrainer } from './graph.js';

it('options that are not there are refused, by name', async () => {
  const engine = await testEngine();
  const model = await testModel();
  const trainer = testTrainer(model);
  const batch = labelBatch([2]);
  const bytes = await saveModelFile(model);
  const foreign = { thread: 2 } as object;
  const calls: [string, () => unknown][] = [
    ['bytes, module, threads, url, variant', () => createEngine(foreign)],
    ['seed', () => new Model(engine, labelSpec(), foreign)],
    ['engine, seed', () => Model.create(labelSpec(), { engine, ...foreign })],
    ['state', () => model.predict('predict', batch, foreign)],
    ['seed, state, step, training', () => model.forward('predict', batch, foreign)],
    ['averageFrom, clipNorm, clipValue, optimizer, schedule, seed', () => new Trainer(model, { optimizer: optimizer.sgd(), ...foreign })],
    ['learningRateScale, state', () => trainer.step(batch, 'train', foreign)],
    ['state', () => trainer.forward('train', batch, foreign)],
    ['averageAfter, batchSize, batchTokens, bucket, entry, epochs, evaluate, mode, monitor, onBest, onProgress, patience, shuffle, signal, state', () => trainer.fit([batch], foreign)],
    ['engine', () => loadModelFile(bytes, foreign)],
    ['engine', () => readModelFileInfo(bytes, foreign)],
  ];
  for (const [known, call] of calls) {
    const message = `option thread: there is no such option; there are ${known}`;
    expect(await rejected((async () => call())())).toMatchObject({ name: 'UsageError', code: 'bad_option', message });
  }
});
