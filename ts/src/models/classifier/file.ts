/** What a classifier's model file holds beside spec and parameters. */

import * as v from 'valibot';
import type { ModelFile, ModelMetadata } from '../../io/modelFile.js';
import { loadTokenizer, type Tokenizer } from '../../text/tokenizer.js';
import type { LearnedParts } from '../learned.js';
import { MetadataReader, textMetadata } from '../text/file.js';
import { ClassifierEncoder } from './encoder.js';
import { MODEL_OPTIONS, SETTINGS_OPTIONS, type ClassifierSettings } from './options.js';

/** What kind of model a file must hold. */
const KIND = 'classifier';
/** Version of what stands in this metadata. */
const VERSION = 1;

/** The parts of a classifier that are no numbers. */
export interface ClassifierParts extends LearnedParts<ClassifierSettings> {
  encoder: ClassifierEncoder;
  tokenizer: Tokenizer;
}

/** The metadata of a classifier's file. */
export function classifierMetadata(parts: Omit<ClassifierParts, 'tokenizer'>): ModelMetadata {
  return textMetadata({ kind: KIND, version: VERSION, ...parts }, { labels: parts.encoder.labels });
}

/**
 * The parts of a classifier from its file.
 *
 * @throws ModelFileError (`wrong_kind`) for a model of another kind, (`wrong_version`) for one of
 *   another version, (`bad_metadata`) for what does not fit together
 */
export async function readClassifierMetadata(file: ModelFile): Promise<ClassifierParts> {
  const reader = new MetadataReader(file, KIND, VERSION);
  const settings = reader.settings<ClassifierSettings>(SETTINGS_OPTIONS);
  const labels = reader.field('labels', MODEL_OPTIONS.labels.schema as v.GenericSchema<unknown, string[]>);
  const encoder = new ClassifierEncoder(settings, labels, reader.vocabularies(settings));
  const entries = settings.pooling === 'attention' ? ['train', 'predict', 'explain'] : ['train', 'predict'];
  reader.checkSpec(encoder, { [settings.kind === 'multi' ? 'labels' : 'label']: labels.length }, entries);
  return { settings, encoder, tokenizer: await loadTokenizer(settings.tokenizer), report: reader.report() };
}
