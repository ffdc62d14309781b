/** What a tagger's model file holds beside spec and parameters. */

import * as v from 'valibot';
import type { ModelFile, ModelMetadata } from '../../io/modelFile.js';
import { loadTokenizer, type Tokenizer } from '../../text/tokenizer.js';
import type { LearnedParts } from '../learned.js';
import { MetadataReader, textMetadata } from '../text/file.js';
import { TaggerEncoder } from './encoder.js';
import { MODEL_OPTIONS, type TaggerSettings } from './options.js';

/** What kind of model a file must hold. */
const KIND = 'tagger';
/** Version of what stands in this metadata. */
const VERSION = 1;

/** The parts of a tagger that are no numbers. */
export interface TaggerParts extends LearnedParts<TaggerSettings> {
  encoder: TaggerEncoder;
  tokenizer: Tokenizer;
}

/** The metadata of a tagger's file. */
export function taggerMetadata(parts: Omit<TaggerParts, 'tokenizer'>): ModelMetadata {
  return textMetadata({ kind: KIND, version: VERSION, ...parts }, { labels: parts.encoder.labels });
}

/**
 * The parts of a tagger from its file.
 *
 * @throws ModelFileError (`wrong_kind`) for a model of another kind, (`wrong_version`) for one of
 *   another version, (`bad_metadata`) for what does not fit together
 */
export async function readTaggerMetadata(file: ModelFile): Promise<TaggerParts> {
  const reader = new MetadataReader(file, KIND, VERSION);
  const settings = reader.settings<TaggerSettings>(MODEL_OPTIONS);
  const labels = reader.field('labels', v.array(v.string()));
  const encoder = new TaggerEncoder(settings, labels, reader.vocabularies(settings));
  reader.checkSpec(encoder, { tags: encoder.tags.length }, ['train', 'decode', 'predict']);
  return { settings, encoder, tokenizer: await loadTokenizer(settings.tokenizer), report: reader.report() };
}
