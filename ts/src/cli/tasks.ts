/** Every task of the command line. */

import { describe, ModelFileError } from '../errors.js';
import type { ModelFileInfo } from '../io/modelFile.js';
import { CLASSIFIER } from './classifier.js';
import { EXTRACTOR } from './extractor.js';
import { LANGUAGE_MODEL } from './languageModel.js';
import { TAGGER } from './tagger.js';
import type { AnyTask } from './task.js';

/** In the order of help pages. */
export const TASKS: readonly AnyTask[] = [TAGGER, CLASSIFIER, EXTRACTOR, LANGUAGE_MODEL];

/**
 * The task that a model is for.
 *
 * @param path of its file, for errors
 * @throws ModelFileError (`wrong_kind`) for a model of no task
 */
export function taskOf({ metadata }: ModelFileInfo, path: string): AnyTask {
  const task = TASKS.find(({ name }) => name === metadata['kind']);
  if (task !== undefined) return task;
  const kinds = TASKS.map(({ name }) => name).join(', ');
  const details = { code: 'wrong_kind', source: path };
  throw new ModelFileError(`kind: expected one of ${kinds}, given ${describe(metadata['kind'])}`, details);
}
