/** What an extractor's model file holds beside spec and parameters. */

import * as v from 'valibot';
import type { ModelFile, ModelMetadata } from '../../io/modelFile.js';
import { loadTokenizer, type Tokenizer } from '../../text/tokenizer.js';
import type { LearnedParts } from '../learned.js';
import { badMetadata, MetadataReader, textMetadata } from '../text/file.js';
import { ExtractorEncoder } from './encoder.js';
import { MODEL_OPTIONS, type ExtractorSettings } from './options.js';

/** What kind of model a file must hold. */
const KIND = 'extractor';
/** Version of what stands in this metadata. */
const VERSION = 1;

/** The parts of an extractor that are no numbers. */
export interface ExtractorParts extends LearnedParts<ExtractorSettings> {
  encoder: ExtractorEncoder;
  tokenizer: Tokenizer;
}

/** The metadata of an extractor's file. */
export function extractorMetadata(parts: Omit<ExtractorParts, 'tokenizer'>): ModelMetadata {
  const { labels, intents } = parts.encoder;
  return textMetadata({ kind: KIND, version: VERSION, ...parts }, { labels, intents });
}

/**
 * The parts of an extractor from its file.
 *
 * @throws ModelFileError (`wrong_kind`) for a model of another kind, (`wrong_version`) for one of
 *   another version, (`bad_metadata`) for what does not fit together
 */
export async function readExtractorMetadata(file: ModelFile): Promise<ExtractorParts> {
  const reader = new MetadataReader(file, KIND, VERSION);
  const settings = reader.settings<ExtractorSettings>(MODEL_OPTIONS);
  const labels = reader.field('labels', v.array(v.string()));
  const intents = reader.field('intents', v.array(v.string()));
  const slots = Object.keys(settings.slots);
  if (slots.length !== labels.length || !labels.every((label) => slots.includes(label))) {
    throw badMetadata('settings.slots', `expected the slots ${labels.join(', ')}, given ${slots.join(', ')}`);
  }
  const encoder = new ExtractorEncoder(settings, labels, intents, reader.vocabularies(settings));
  const { tags, intents: count } = encoder.sizes;
  reader.checkSpec(encoder, { tags: tags.length, intent: count }, ['train', 'predict']);
  return { settings, encoder, tokenizer: await loadTokenizer(settings.tokenizer), report: reader.report() };
}
