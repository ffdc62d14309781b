/** Classifiers on the command line. */

import { stat } from 'node:fs/promises';
import { CLASSIFIED_OPTIONS, readClassified, type ClassifiedOptions } from '../data/classified.js';
import { readClassifiedFolder } from '../data/classifiedFolder.js';
import type { ClassifiedExample } from '../data/example.js';
import { Classifier } from '../models/classifier.js';
import type { Classification, ScoredLabel } from '../models/classifier/classification.js';
import type { ClassifierEvaluation } from '../models/classifier/evaluation.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS, type ClassifierTrainOptions } from '../models/classifier/options.js';
import { classScores } from './classScores.js';
import { openFile, readAll, sourceName } from './files.js';
import { styled, type Screen } from './output.js';
import { tallyOf, type Task } from './task.js';

/** Most labels that a greeting names. */
const SHOWN = 12;

/** The task. */
export const CLASSIFIER: Task<Classifier, ClassifiedExample, ClassifierEvaluation, Classification> = {
  name: 'classifier',
  summary:
    'Train a classifier, which labels texts, from CSV, TSV, JSON Lines, lines of a label and a text (SST, TREC, fastText), ' +
    'or a folder of texts for each label.',
  examples: [
    'ostinato train classifier reviews.csv',
    'ostinato train classifier mails.csv --text-column body --label-column 0 --model spam.safetensors',
    'ostinato train classifier --train train.txt --test test.txt --encoding iso-8859-1 --coarse',
    'ostinato train classifier aclImdb/train --test aclImdb/test --pooling attention',
    'ostinato train classifier topics.jsonl --kind multi --json',
  ],
  reading: CLASSIFIED_OPTIONS,
  training: { ...MODEL_OPTIONS, ...LEARNING_OPTIONS },
  scoring: {},

  score: ({ monitor = LEARNING_OPTIONS.monitor.default }) => ({
    name: String(monitor),
    title: monitor === 'macroF1' ? 'macro F1' : String(monitor),
  }),
  read: (paths, reading, { kind }) => readAll(paths, (path) => examplesOf(path, { ...reading, multi: kind === 'multi' })),
  train: (examples, training, context) => Classifier.train(examples, { ...(training as ClassifierTrainOptions), ...context }),
  load: (source, options) => Classifier.load(source, options),
  evaluate: (classifier, examples, _, signal) => classifier.evaluate(examples, { signal }),
  tell: classScores,

  command: 'classify',
  use: {
    summary: 'Label texts',
    help: `
Before each text come its label and the probability of that, separated by tabs; where texts have any
number of labels, those from the threshold on, separated by commas. With --json the probabilities of the
other labels come, too.

Examples:
  ostinato classify spam.safetensors
  ostinato classify spam.safetensors mails.txt > mails.tsv
  echo 'Win a free cruise!' | ostinato classify spam.safetensors --json`,
    greeting: ({ labels }) => `knows ${labels.length > SHOWN ? `${labels.length} labels` : labels.join(', ')}`,
    find: (classifier, texts) => classifier.classifyBatch(texts),
    line: (text, found, classifier) => {
      const given = givenLabels(found, classifier);
      return [given.map(({ label }) => label).join(','), given.map(scoreOf).join(','), text].join('\t');
    },
    answer: (_, found, { settings }, screen) => answer(found, settings.kind === 'multi', screen),
    fields: (found) => ({ ...found }),
    tally: (classifier) => tallyOf('labels', (found) => givenLabels(found, classifier).map(({ label }) => label)),
  },
};

async function* examplesOf(path: string, reading: ClassifiedOptions): AsyncGenerator<ClassifiedExample> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) yield* readClassifiedFolder(path, { encoding: reading.encoding });
  else yield* readClassified(openFile(path), { ...reading, name: sourceName(path) });
}

/** The labels that a text was given: one, or of kind `multi` any number. */
function givenLabels(found: Classification, { settings }: Classifier): ScoredLabel[] {
  return settings.kind === 'multi' ? found.labels : [found];
}

/** Labels beside the first that an answer at a prompt shows. */
const OTHERS = 3;

function answer(found: Classification, multi: boolean, screen: Screen): string {
  const bold = (label: ScoredLabel): string => styled('bold', named(label), screen);
  if (multi && found.labels.length === 0) return styled('dim', `no label; the nearest is ${named(found)}`, screen);
  if (multi) return found.labels.map(bold).join('  ');
  const others = found.labels.slice(1, 1 + OTHERS);
  return [bold(found), ...others.map((other) => styled('dim', named(other), screen))].join('  ');
}

function named({ label, score }: ScoredLabel): string {
  return `${label} ${score.toFixed(2)}`;
}

function scoreOf({ score }: ScoredLabel): string {
  return score.toFixed(4);
}
