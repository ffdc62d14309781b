/** Language models on the command line. */

import { readLines } from '../data/lines.js';
import { readText } from '../data/wholeText.js';
import type { LanguageTexts } from '../models/language/texts.js';
import { LanguageModel } from '../models/languageModel.js';
import type { LanguageModelEvaluation } from '../models/languageModel/evaluation.js';
import { READING_FLAGS } from '../models/languageModel/adapting.js';
import { LEARNING_OPTIONS, MODEL_OPTIONS, type LanguageModelTrainOptions } from '../models/languageModel/options.js';
import { flag } from '../models/option.js';
import { openFile, readAll, sourceName } from './files.js';
import { ENCODING } from './option.js';
import { count } from './output.js';
import type { Task } from './task.js';

/** A text to learn from: a file, or one of its lines. */
interface LanguageText {
  readonly text: string;
  /** Whether it has an end; else it runs on. */
  readonly ended: boolean;
}

/** The task. */
export const LANGUAGE_MODEL: Task<LanguageModel, LanguageText, LanguageModelEvaluation, never> = {
  name: 'lm',
  summary: 'Train a language model, which says what comes next, from text: files that run on, or texts a line each.',
  examples: [
    'ostinato train lm shakespeare.txt',
    'ostinato train lm --train book.txt --test other.txt --level word --epochs 20',
    'ostinato train lm names.txt --lines --hidden-size 128 --layers 1',
    'ostinato train lm shakespeare.txt --architecture feedForward --context 8 --json',
  ],
  reading: { encoding: ENCODING, lines: flag('each line is a text of its own, with an end', { default: false, otherwise: 'as the model learnt, else not' }) },
  training: { ...MODEL_OPTIONS, ...LEARNING_OPTIONS },
  scoring: READING_FLAGS,
  command: 'generate',

  score: () => ({ name: 'perplexity', title: 'perplexity', format: (value) => value.toFixed(3) }),
  amount: (texts) => `${count(texts.reduce((sum, { text }) => sum + text.length, 0))} characters`,
  read: (paths, { encoding, lines }) =>
    readAll(paths, (path) => textsOf(path, encoding as string | undefined, lines === true)),
  readingFor: ({ documents }) => ({ lines: documents }),
  train: (texts, training, { dev, ...context }) => {
    const held = dev === undefined ? {} : { dev: given(dev) };
    return LanguageModel.train(given(texts), { ...(training as LanguageModelTrainOptions), ...context, ...held });
  },
  load: (source, options) => LanguageModel.load(source, options),
  evaluate: (model, texts, reading, signal) => model.evaluate(given(texts), { ...reading, signal }),
  tell: ({ perplexity, bitsPerCharacter, natsPerToken, tokens }) => [
    `perplexity ${perplexity.toFixed(3)} on ${count(tokens)} tokens`,
    `${bitsPerCharacter.toFixed(3)} bits a character, ${natsPerToken.toFixed(3)} nats a token`,
  ],
};

async function* textsOf(path: string, encoding: string | undefined, lines: boolean): AsyncGenerator<LanguageText> {
  const options = { name: sourceName(path), encoding };
  if (lines) {
    for await (const { text } of readLines(openFile(path), options)) yield { text, ended: true };
    return;
  }
  const text = await readText(openFile(path), options);
  if (text !== '') yield { text, ended: false };
}

/** Texts that run on are one. */
function given(texts: readonly LanguageText[]): LanguageTexts {
  const all = texts.map(({ text }) => text);
  return texts.every(({ ended }) => ended) ? all : all.join('');
}
