/** What a Markov model's file holds. */

import * as v from 'valibot';
import { aboutFile, type ModelSource } from '../../io/modelFile.js';
import { loadCountFile, saveCountFile } from '../../io/countFile.js';
import { cutterFor } from '../language/cutter.js';
import { TextReader } from '../language/reader.js';
import { badMetadata, MetadataReader } from '../text/file.js';
import { MarkovChain } from './chain.js';
import type { NgramTable } from './ngrams.js';
import { SETTINGS_OPTIONS, type MarkovSettings } from './options.js';

/** What kind of model a file must hold. */
export const KIND = 'markov';
/** Version of what stands in its metadata. */
const VERSION = 1;
/** Its tensors. */
const TENSORS = ['parents', 'symbols', 'counts'] as const satisfies readonly (keyof NgramTable)[];

/** What a Markov model is made of. */
export interface MarkovParts {
  settings: MarkovSettings;
  /** Whether texts have a beginning and an end. */
  documents: boolean;
  reader: TextReader;
  chain: MarkovChain;
}

/** A model as the bytes of a file, which are written to a path, too, if there is one. */
export async function saveMarkov({ settings, documents, reader, chain }: MarkovParts, path?: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const metadata = { kind: KIND, [`${KIND}_version`]: VERSION, settings, documents, words: reader.vocabulary.toJSON() };
  return saveCountFile({ ...chain.table() }, JSON.parse(JSON.stringify(metadata)), path);
}

/**
 * The parts of a model from its file.
 *
 * @throws ModelFileError when the file does not exist, is none, is damaged, or holds a model of another
 *   kind or version
 */
export async function loadMarkov(source: ModelSource): Promise<MarkovParts> {
  const file = await loadCountFile(source, TENSORS);
  return aboutFile(source, async () => {
    const metadata = new MetadataReader(file, KIND, VERSION);
    const settings = metadata.settings<MarkovSettings>(SETTINGS_OPTIONS);
    const documents = metadata.field('documents', v.boolean());
    const { words } = metadata.vocabularies({ characters: 'none' });
    const reader = new TextReader(await cutterFor(settings.tokenizer), words);
    const table = file.tensors as Record<keyof NgramTable, Int32Array>;
    const chain = MarkovChain.fromTable({ settings, size: words.size, documents }, table);
    if (chain === undefined) throw badMetadata(TENSORS.join(', '), 'expected a tree of n-grams of these words, up to the order');
    return { settings, documents, reader, chain };
  });
}
