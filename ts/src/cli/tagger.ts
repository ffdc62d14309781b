/** Taggers on the command line. */

import { readExamples, type ReadOptions } from '../data/format.js';
import { formatInline } from '../data/inline.js';
import type { TaggedExample } from '../data/example.js';
import { Tagger, EVALUATE_OPTIONS, type TaggerEvaluateOptions } from '../models/tagger.js';
import type { TaggerEvaluation } from '../models/tagger/evaluation.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS, OFFSET_UNIT } from '../models/tagger/options.js';
import { choice } from '../models/option.js';
import type { Entity } from '../text/entity.js';
import { entityScores } from './entityScores.js';
import { openFile, readAll, sourceName } from './files.js';
import { marked } from './marked.js';
import { ENCODING } from './option.js';
import type { Task } from './task.js';

/** The task. */
export const TAGGER: Task<Tagger, TaggedExample, TaggerEvaluation, readonly Entity[]> = {
  name: 'tagger',
  summary: 'Train a tagger, which finds entities, from labelled text in CoNLL, JSON Lines or inline format.',
  examples: [
    'ostinato train tagger requests.jsonl',
    'ostinato train tagger --train train.conll --dev dev.conll --test test.conll --model ner.safetensors',
    'ostinato train tagger requests.jsonl --hidden-size 200 --epochs 20 --json',
  ],
  reading: {
    format: choice('format of the data', ['conll', 'jsonl', 'inline'], { otherwise: 'found by content and extension' }),
    encoding: ENCODING,
    offsetUnit: OFFSET_UNIT,
  },
  training: { ...MODEL_OPTIONS, ...LEARNING_OPTIONS },
  scoring: { mode: EVALUATE_OPTIONS.mode },

  score: () => ({ name: 'f1', title: 'F1' }),
  read: (paths, reading) =>
    readAll(paths, (path) => readExamples(openFile(path), { ...(reading as ReadOptions), name: sourceName(path) })),
  train: (examples, training, context) => Tagger.train(examples, { ...training, ...context }),
  load: (source, options) => Tagger.load(source, options),
  evaluate: (tagger, examples, scoring, signal) => tagger.evaluate(examples, { ...(scoring as TaggerEvaluateOptions), signal }),
  tell: entityScores,

  command: 'tag',
  use: {
    summary: 'Find entities in text',
    help: `
Entities are marked as in [Ana](PERSON), which train and evaluate read. With --json they come with
offsets, in UTF-16 code units, and scores, the probability of each.

Examples:
  ostinato tag ner.safetensors
  ostinato tag ner.safetensors news.txt > news.tagged.txt
  echo 'lunch with Ana' | ostinato tag ner.safetensors --json`,
    greeting: (tagger) => `finds ${tagger.labels.join(', ')}`,
    find: (tagger, texts) => tagger.tagBatch(texts),
    line: formatInline,
    answer: (text, entities, tagger, screen) => marked(text, entities, tagger.labels, screen),
    fields: (entities) => ({ entities }),
    tally: () => {
      let entities = 0;
      return { add: (found) => (entities += found.length), counts: () => ({ entities }) };
    },
  },
};
