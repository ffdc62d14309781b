/** What a language model's file holds beside spec and parameters. */

import * as v from 'valibot';
import type { ModelFile, ModelMetadata } from '../../io/modelFile.js';
import { cutterFor } from '../language/cutter.js';
import { TextReader } from '../language/reader.js';
import type { LearnedParts } from '../learned.js';
import { MetadataReader } from '../text/file.js';
import { SETTINGS_OPTIONS, type LanguageModelSettings } from './options.js';

/** What kind of model a file must hold. */
export const KIND = 'lm';
/** Version of what stands in this metadata. */
const VERSION = 1;

/** The parts of a language model that are no numbers. */
export interface LanguageModelFileParts extends LearnedParts<LanguageModelSettings> {
  reader: TextReader;
  /** Whether its texts have ends. */
  documents: boolean;
}

/** The metadata of a language model's file. */
export function languageModelMetadata({ settings, documents, reader, report }: LanguageModelFileParts): ModelMetadata {
  const metadata = { kind: KIND, [`${KIND}_version`]: VERSION, settings, documents, words: reader.vocabulary.toJSON(), report };
  return metadata as unknown as ModelMetadata;
}

/**
 * The parts of a language model from its file.
 *
 * @throws ModelFileError (`wrong_kind`) for a model of another kind, (`wrong_version`) for one of
 *   another version, (`bad_metadata`) for what does not fit together
 */
export async function readLanguageModelMetadata(file: ModelFile): Promise<LanguageModelFileParts> {
  const reader = new MetadataReader(file, KIND, VERSION);
  const settings = reader.settings<LanguageModelSettings>(SETTINGS_OPTIONS);
  const documents = reader.field('documents', v.boolean());
  const { words } = reader.vocabularies({ characters: 'none' });
  reader.checkInputs({ tokens: words.size }, ['train', 'adapt', 'score', 'recall', 'next']);
  return { settings, documents, reader: new TextReader(await cutterFor(settings.tokenizer), words), report: reader.report() };
}
