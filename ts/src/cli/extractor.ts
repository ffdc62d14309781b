/** Extractors on the command line. */

import type { RequestExample } from '../data/example.js';
import type { JsonlOptions } from '../data/jsonl.js';
import { readRequests } from '../data/requests.js';
import { Extractor } from '../models/extractor.js';
import type { ExtractorEvaluation } from '../models/extractor/evaluation.js';
import type { Extraction } from '../models/extractor/extraction.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS, type ExtractorTrainOptions } from '../models/extractor/options.js';
import { OFFSET_UNIT } from '../models/tagger/options.js';
import { extractorScores } from './extractorScores.js';
import { openFile, readAll, sourceName } from './files.js';
import { marked } from './marked.js';
import { ENCODING } from './option.js';
import { styled } from './output.js';
import { tallyOf, type Task } from './task.js';

/** The task. */
export const EXTRACTOR: Task<Extractor, RequestExample, ExtractorEvaluation, Extraction> = {
  name: 'extractor',
  summary: 'Train an extractor, which tells what requests want and takes the details out of them, from JSON Lines of { text, intent, entities }.',
  examples: [
    'ostinato train extractor requests.jsonl',
    'ostinato train extractor --train train.jsonl --test test.jsonl --model calendar.safetensors --slots DATE=one,TIME=one',
  ],
  reading: { encoding: ENCODING, offsetUnit: OFFSET_UNIT },
  training: { ...MODEL_OPTIONS, ...LEARNING_OPTIONS },
  scoring: {},

  score: () => ({ name: 'recordAccuracy', title: 'whole records' }),
  read: (paths, reading) =>
    readAll(paths, (path) => readRequests(openFile(path), { ...(reading as JsonlOptions), name: sourceName(path) })),
  train: (examples, training, context) => Extractor.train(examples, { ...(training as ExtractorTrainOptions), ...context }),
  load: (source, options) => Extractor.load(source, options),
  evaluate: (extractor, examples, _, signal) => extractor.evaluate(examples, { signal }),
  tell: extractorScores,

  command: 'extract',
  use: {
    summary: 'Tell what requests want, and take the details out of them',
    help: `
Before each text come its intent, the probability of that, and the record of its slots as JSON, separated
by tabs. With --json the other intents come, too, and where the values stand in the text.

Examples:
  ostinato extract calendar.safetensors
  ostinato extract calendar.safetensors requests.txt > records.tsv
  echo 'lunch with Ana' | ostinato extract calendar.safetensors --json`,
    greeting: (extractor) => `tells apart ${extractor.intents.join(', ')}; finds ${extractor.labels.join(', ')}`,
    find: (extractor, texts) => extractor.extractBatch(texts),
    line: (text, { intent, score, record }) => [intent, score.toFixed(4), JSON.stringify(record), text].join('\t'),
    answer: (text, { intent, score, spans }, extractor, screen) =>
      `${styled('bold', `${intent} ${score.toFixed(2)}`, screen)}  ${marked(text, spans, extractor.labels, screen)}`,
    fields: (found) => ({ ...found }),
    tally: () => tallyOf('intents', ({ intent }) => [intent]),
  },
};
