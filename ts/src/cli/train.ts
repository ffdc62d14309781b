/** `ostinato train`. */

import { Command } from 'commander';
import { createEngine, type EngineOptions } from '../engine.js';
import { CancelledError, UsageError } from '../errors.js';
import { Tagger } from '../models/tagger.js';
import type { TaggerEvaluation } from '../models/tagger/evaluation.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS, OFFSET_UNIT, type TaggerTrainOptions } from '../models/tagger/options.js';
import { checkWritable, DATA_OPTIONS, defaultModelPath, pathsOf, readFiles, type FileOptions } from './files.js';
import { interruptible } from './interrupt.js';
import { nextCommand } from './invocation.js';
import { addCommonOptions, addOptions, ENGINE_OPTIONS, gather, pick } from './option.js';
import { count, duration, Output, percent } from './output.js';
import { ProgressView } from './progress.js';
import { scoreLines } from './scores.js';

/** What may be typed beside the options of the library. */
interface TrainFiles extends FileOptions {
  train?: string | string[];
  dev?: string | string[];
  test?: string | string[];
  model?: string;
  json?: boolean;
}

const FILES = ['train', 'dev', 'test', 'model'];
const TABLE = { ...MODEL_OPTIONS, ...LEARNING_OPTIONS };
const READING = { ...DATA_OPTIONS, offsetUnit: OFFSET_UNIT };

/** The command. */
export function trainCommand(): Command {
  const tagger = new Command('tagger')
    .description('Train a tagger, which finds entities, from labelled text in CoNLL, JSON Lines or inline format.')
    .argument('[file...]', 'training data; more of it may follow --train')
    .option('--train <file...>', 'training data')
    .option('--dev <file...>', 'development data (default: a tenth of the training data, held out)')
    .option('--test <file...>', 'data to score the finished model on')
    .option('--model <file>', 'where the model is written (default: named after the data)');
  addOptions(addOptions(tagger, READING), TABLE);
  addCommonOptions(tagger);
  tagger.addHelpText('after', `
Examples:
  ostinato train tagger requests.jsonl
  ostinato train tagger --train train.conll --dev dev.conll --test test.conll --model ner.safetensors
  ostinato train tagger requests.jsonl --hidden-size 200 --epochs 20 --json`);
  tagger.action(async (files: string[], _options: object, command: Command) => {
    const given = await gather<TrainFiles & TaggerTrainOptions & EngineOptions>(command, { ...TABLE, ...READING }, FILES);
    await trainTagger({ ...given, train: [...files, ...pathsOf(given.train)] });
  });
  return new Command('train').description('Train a model from labelled data.').addCommand(tagger);
}

async function trainTagger(given: TrainFiles & TaggerTrainOptions & EngineOptions): Promise<void> {
  const output = new Output(given);
  const train = pathsOf(given.train);
  const [first] = train;
  if (first === undefined) throw new UsageError('expected training data: a file, or --train and files');
  const model = given.model ?? defaultModelPath(first);
  await checkWritable(model);
  const reading = pick<FileOptions>(given, READING);
  const examples = await readFiles(train, reading);
  const dev = given.dev === undefined ? undefined : await readFiles(pathsOf(given.dev), reading);
  const test = given.test === undefined ? undefined : await readFiles(pathsOf(given.test), reading);
  const counts = { train: examples.length, dev: dev?.length ?? null, test: test?.length ?? null };
  output.event('data', counts);
  const held = dev === undefined ? 'a tenth of them held out' : `${count(dev.length)} development examples`;
  output.say(`${count(examples.length)} training examples, ${held}`);

  const engine = await createEngine(pick(given, ENGINE_OPTIONS));
  const view = new ProgressView(output);
  let saved: Tagger['report'] | undefined;
  const interrupted = (): void => view.say('Stopping; Ctrl-C again quits at once.');
  try {
    await interruptible(interrupted, async (signal) => {
      const tagger = await Tagger.train(examples, {
        ...pick<TaggerTrainOptions>(given, TABLE),
        ...(dev === undefined ? {} : { dev }),
        engine,
        signal,
        onProgress: view.show,
        onBest: async (best) => {
          await best.save(model);
          saved = best.report;
        },
      }).finally(() => view.stop());
      await tagger.save(model);
      saved = tagger.report;
      const scores = test === undefined ? undefined : await tagger.evaluate(test, { signal });
      tellResult(output, model, tagger.report, scores);
    });
  } catch (error) {
    if (error instanceof CancelledError) tellInterrupted(output, model, saved);
    throw error;
  } finally {
    engine.dispose();
  }
}

function summaryOf(model: string, report: Tagger['report']): object {
  const { bestEpoch, steps, stoppedEarly, sentences, tokens, tokensPerSecond, seconds, dev } = report;
  return {
    model,
    epochs: report.epochs.length,
    bestEpoch,
    steps,
    stoppedEarly,
    trainSentences: sentences,
    trainTokens: tokens,
    tokensPerSecond,
    seconds,
    dev: dev && { source: dev.source, sentences: dev.sentences, ...dev.scores },
  };
}

function tellResult(output: Output, model: string, report: Tagger['report'], test: TaggerEvaluation | undefined): void {
  const { dev } = report;
  const { tokensPerSecond, seconds, ...scores } = test ?? { tokensPerSecond: 0, seconds: 0 };
  const top = test === undefined ? { split: dev?.source ?? null, ...dev?.scores } : { split: 'test', ...scores };
  const speed = test === undefined ? {} : { testTokensPerSecond: tokensPerSecond, testSeconds: seconds };
  output.event('result', { task: 'tagger', ...top, ...speed, ...summaryOf(model, report) });
  output.say(
    `Trained ${report.epochs.length} ${report.epochs.length === 1 ? 'epoch' : 'epochs'} in ${duration(report.seconds)} at ${count(report.tokensPerSecond)} tokens/s; ` +
      `epoch ${report.bestEpoch} is kept.`,
  );
  if (dev !== null) output.result(`${dev.source === 'given' ? 'dev' : 'held-out'} F1 ${percent(dev.scores['f1'] ?? 0)} on ${count(dev.sentences)} examples`);
  if (test !== undefined) for (const line of scoreLines('test', test)) output.result(line);
  output.say(`The model is ${model}. Now try:\n  ${nextCommand(['tag', model])}`);
}

function tellInterrupted(output: Output, model: string, saved: Tagger['report'] | undefined): void {
  const { dev } = saved ?? {};
  output.event('result', { task: 'tagger', interrupted: true, ...(saved ? { ...dev?.scores, ...summaryOf(model, saved) } : { model: null }) });
  output.say(
    saved === undefined
      ? 'Interrupted before the first epoch was over: no model was written.'
      : `Interrupted: ${model} is the best model so far, of epoch ${saved.bestEpoch}${dev ? `, dev F1 ${percent(dev.scores['f1'] ?? 0)}` : ''}.`,
  );
}
