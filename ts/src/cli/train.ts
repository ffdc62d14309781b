/** `ostinato train`. */

import { Command } from 'commander';
import { createEngine, type EngineOptions } from '../engine.js';
import { CancelledError, UsageError } from '../errors.js';
import { FALLBACK } from '../models/learning/options.js';
import type { LearningReport } from '../models/learning/report.js';
import { checkWritable, defaultModelPath, pathsOf } from './files.js';
import { interruptible } from './interrupt.js';
import { nextCommand } from './invocation.js';
import { addCommonOptions, addOptions, ENGINE_OPTIONS, gather, pick } from './option.js';
import { count, duration, Output, percent, scored } from './output.js';
import { ProgressView } from './progress.js';
import type { AnyTask, Given, Score } from './task.js';
import { TASKS } from './tasks.js';

/** What may be typed beside the options of the library. */
interface TrainFiles extends EngineOptions {
  train?: string | string[];
  dev?: string | string[];
  test?: string | string[];
  model?: string;
  json?: boolean;
}

const FILES = ['train', 'dev', 'test', 'model'];

/** The command. */
export function trainCommand(): Command {
  const command = new Command('train').description('Train a model from labelled data.');
  for (const task of TASKS) command.addCommand(taskCommand(task));
  return command;
}

function taskCommand(task: AnyTask): Command {
  const command = new Command(task.name)
    .description(task.summary)
    .argument('[file...]', 'training data; more of it may follow --train')
    .option('--train <file...>', 'training data')
    .option('--dev <file...>', 'development data (default: a tenth of the training data, held out)')
    .option('--test <file...>', 'data to score the finished model on')
    .option('--model <file>', 'where the model is written (default: named after the data)');
  addOptions(addOptions(command, task.reading), task.training);
  addCommonOptions(command);
  command.addHelpText('after', `\nExamples:\n${task.examples.map((line) => `  ${line}`).join('\n')}`);
  return command.action(async (files: string[]) => {
    const given = await gather<TrainFiles & Given>(command, { ...task.training, ...task.reading }, FILES);
    await train(task, { ...given, train: [...files, ...pathsOf(given.train)] });
  });
}

async function train(task: AnyTask, given: TrainFiles & Given): Promise<void> {
  const output = new Output(given);
  const paths = pathsOf(given.train);
  const [first] = paths;
  if (first === undefined) throw new UsageError('expected training data: a file, or --train and files');
  const path = given.model ?? defaultModelPath(first, task.name);
  await checkWritable(path);
  const training = pick<Given>(given, task.training);
  const read = (files: string | string[]): Promise<object[]> => task.read(pathsOf(files), pick(given, task.reading), training);
  const examples = await read(paths);
  const dev = given.dev === undefined ? undefined : await read(given.dev);
  const test = given.test === undefined ? undefined : await read(given.test);
  output.event('data', { train: examples.length, dev: dev?.length ?? null, test: test?.length ?? null });
  const amount = (of: readonly object[], kind: string): string => task.amount?.(of) ?? `${count(of.length)} ${kind} examples`;
  const held = dev === undefined ? heldOut(training) : amount(dev, 'development');
  output.say(`${amount(examples, 'training')}, ${held}`);

  const engine = await createEngine(pick(given, ENGINE_OPTIONS));
  const score = task.score(training);
  const view = new ProgressView(output, score);
  const told = { output, task, score, path };
  let saved: LearningReport | undefined;
  const interrupted = (): void => view.say('Stopping; Ctrl-C again quits at once.');
  try {
    await interruptible(interrupted, async (signal) => {
      const model = await task
        .train(examples, training, {
          ...(dev === undefined ? {} : { dev }),
          engine,
          signal,
          onProgress: view.show,
          onBest: async (best) => {
            await best.save(path);
            saved = best.report;
          },
        })
        .finally(() => view.stop());
      await model.save(path);
      saved = model.report;
      const scores = test === undefined ? undefined : await task.evaluate(model, test, {}, signal);
      tellResult(told, model.report, scores);
    });
  } catch (error) {
    if (error instanceof CancelledError) tellInterrupted(told, saved);
    throw error;
  } finally {
    engine.dispose();
  }
}

/** How much of the training data tells the best epoch. */
function heldOut({ holdOut = FALLBACK.holdOut }: { holdOut?: number }): string {
  if (holdOut === 0) return 'none held out';
  return `${holdOut === 0.1 ? 'a tenth' : percent(holdOut)} of them held out`;
}

/** What was trained, for messages. */
interface Told {
  output: Output;
  task: AnyTask;
  score: Score;
  /** Where the model is. */
  path: string;
}

function summaryOf(model: string, report: LearningReport): object {
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

function tellResult({ output, task, score, path }: Told, report: LearningReport, test: object | undefined): void {
  const { dev } = report;
  const { tokensPerSecond, seconds, ...scores } = (test ?? {}) as Given;
  const top = test === undefined ? { split: dev?.source ?? null, ...dev?.scores } : { split: 'test', ...scores };
  const speed = test === undefined ? {} : { testTokensPerSecond: tokensPerSecond, testSeconds: seconds };
  output.event('result', { task: task.name, ...top, ...speed, ...summaryOf(path, report) });
  output.say(
    `Trained ${report.epochs.length} ${report.epochs.length === 1 ? 'epoch' : 'epochs'} in ${duration(report.seconds)} at ${count(report.tokensPerSecond)} tokens/s; ` +
      `epoch ${report.bestEpoch} is kept.`,
  );
  if (dev !== null) {
    const name = dev.source === 'given' ? 'dev' : 'held-out';
    output.result(`${name} ${scored(score, dev.scores[score.name] ?? 0)} on ${count(dev.sentences)} ${dev.sentences === 1 ? 'example' : 'examples'}`);
  }
  const [headline, ...lines] = test === undefined ? [] : task.tell(test, process.stdout);
  if (headline !== undefined) output.result(`test ${headline}`);
  for (const line of lines) output.result(line);
  output.say(`The model is ${path}. Now try:\n  ${nextCommand([task.command, path])}`);
}

function tellInterrupted({ output, task, score, path }: Told, saved: LearningReport | undefined): void {
  const { dev } = saved ?? {};
  output.event('result', { task: task.name, interrupted: true, ...(saved ? { ...dev?.scores, ...summaryOf(path, saved) } : { model: null }) });
  output.say(
    saved === undefined
      ? 'Interrupted before an epoch was known to be good: no model was written.'
      : `Interrupted: ${path} is the best model so far, of epoch ${saved.bestEpoch}${dev ? `, dev ${scored(score, dev.scores[score.name] ?? 0)}` : ''}.`,
  );
}
