/** Models that foresee text, for the commands that read and write it. */

import type { Engine } from '../engine.js';
import { describe, ModelFileError } from '../errors.js';
import type { BeamHypothesis } from '../generation/beams.js';
import type { GeneratedPiece, GenerationEnd } from '../generation/draft.js';
import type { BeamSearchOptions, GenerationOptions } from '../generation/options.js';
import { readModelFileInfo } from '../io/modelFile.js';
import type { TextScore } from '../models/language/score.js';
import { LanguageModel } from '../models/languageModel.js';
import { KIND as NETWORK } from '../models/languageModel/file.js';
import { KIND as MARKOV } from '../models/markov/file.js';
import { MarkovModel } from '../models/markovModel.js';
import { openModel } from './files.js';

/** What both kinds of models do. */
export interface TextModel {
  /** Whether its texts have ends. */
  readonly documents: boolean;
  generateStream(prompt: string, options: GenerationOptions): AsyncIterator<GeneratedPiece, GenerationEnd | undefined>;
  beamSearch(prompt: string, options: BeamSearchOptions): Promise<BeamHypothesis[]>;
  score(text: string, options: { signal?: AbortSignal }): Promise<TextScore>;
}

/**
 * A model of either kind.
 *
 * @throws DataError (`unreadable`)
 * @throws ModelFileError as `load` does, and (`wrong_kind`) for a model of another kind
 */
export async function loadTextModel(path: string, engine: Engine): Promise<TextModel> {
  const file = await openModel(path);
  const { kind } = (await readModelFileInfo(file, { engine })).metadata;
  if (kind === NETWORK) return LanguageModel.load(file, { engine });
  if (kind === MARKOV) return MarkovModel.load(file);
  throw new ModelFileError(`kind: expected ${NETWORK} or ${MARKOV}, given ${describe(kind)}`, { code: 'wrong_kind', source: path });
}

/** A text as a file or a pipe gives it. A line break behind a text that has an end is no part of it. */
export function textFor({ documents }: TextModel, given: string): string {
  return documents ? given.replace(/\r?\n$/, '') : given;
}
