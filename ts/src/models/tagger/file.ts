/** What a tagger's model file holds beside spec and parameters. */

import * as v from 'valibot';
import { ModelFileError, OstinatoError } from '../../errors.js';
import type { ModelFile, ModelMetadata } from '../../io/modelFile.js';
import type { Json } from '../../spec/spec.js';
import { Vocabulary } from '../../text/vocabulary.js';
import { TaggerEncoder } from './encoder.js';
import type { TaggerReport } from './learning.js';
import { MODEL_OPTIONS, type TaggerSettings } from './options.js';

/** What kind of model a file must hold. */
const KIND = 'tagger';
/** Version of what stands in this metadata. */
const VERSION = 1;

const scores = v.record(v.string(), v.number());

/** The report of a training, as far as it is looked at. */
export const REPORT = v.looseObject({
  epochs: v.array(v.looseObject({ epoch: v.number(), loss: v.number(), dev: v.nullable(scores) })),
  bestEpoch: v.number(),
  sentences: v.number(),
  tokens: v.number(),
  seconds: v.number(),
  dev: v.nullable(v.looseObject({ source: v.string(), sentences: v.number(), scores })),
});

const { vectors: _, ...KEPT } = MODEL_OPTIONS;
const SETTINGS = v.strictObject(Object.fromEntries(Object.entries(KEPT).map(([name, { schema }]) => [name, schema])));

/** The parts of a tagger that are no numbers. */
export interface TaggerParts {
  settings: TaggerSettings;
  encoder: TaggerEncoder;
  report: TaggerReport;
}

/** The metadata of a tagger's file. */
export function taggerMetadata({ settings, encoder, report }: TaggerParts): ModelMetadata {
  const metadata = {
    kind: KIND,
    tagger_version: VERSION,
    settings,
    labels: encoder.labels,
    words: encoder.words.toJSON(),
    ...(encoder.characters === undefined ? {} : { characters: encoder.characters.toJSON() }),
    report,
  };
  return metadata as unknown as { readonly [name: string]: Json };
}

/**
 * The parts of a tagger from its file.
 *
 * @throws ModelFileError (`wrong_kind`) for a model of another kind, (`wrong_version`) for one of
 *   another version, (`bad_metadata`) for what does not fit together
 */
export function readTaggerMetadata({ model, metadata }: ModelFile): TaggerParts {
  const { kind, tagger_version: version, settings, labels, words, characters, report } = metadata;
  if (kind !== KIND) {
    throw new ModelFileError(`kind: expected a tagger, given ${JSON.stringify(kind) ?? 'a model that does not say'}`, {
      code: 'wrong_kind',
    });
  }
  if (version !== VERSION) {
    throw new ModelFileError(`tagger_version: expected ${VERSION}, given ${JSON.stringify(version)}`, {
      code: 'wrong_version',
    });
  }
  const read = <T>(name: string, schema: v.GenericSchema<unknown, T>, value: unknown): T => {
    const result = v.safeParse(schema, value);
    // Not the parsed copy, whose fields stand in the schema's order: a file saved again is to be the same.
    if (result.success) return value as T;
    const path = [name, v.getDotPath(result.issues[0])].filter((part) => part !== null).join('.');
    throw bad(path, result.issues[0].message);
  };
  const known = read('settings', SETTINGS, settings) as unknown as TaggerSettings;
  const types = read('labels', v.array(v.string()), labels);
  const encoder = new TaggerEncoder(
    known,
    types,
    readVocabulary('words', words),
    known.characters === 'none' ? undefined : readVocabulary('characters', characters),
  );
  const { sizes } = encoder;
  const expected = { words: sizes.words, tags: sizes.tags.length, ...(encoder.characters && { characters: sizes.characters }) };
  for (const [name, size] of Object.entries(expected)) {
    const input = model.spec.inputs[name];
    const given = input?.type === 'ids' ? input.size : undefined;
    if (given !== size) throw bad(`spec.inputs.${name}`, `expected ${size} ids, given ${given}`);
  }
  for (const name of ['train', 'decode', 'predict']) {
    if (!model.entries.some((entry) => entry.name === name)) throw bad(`spec.entries.${name}`, 'missing');
  }
  return { settings: known, encoder, report: read('report', REPORT, report) as unknown as TaggerReport };
}

function readVocabulary(name: string, json: Json | undefined): Vocabulary {
  try {
    return Vocabulary.fromJSON(json);
  } catch (error) {
    if (error instanceof OstinatoError) throw bad(name, error.message, error);
    throw error;
  }
}

function bad(path: string, message: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`${path}: ${message}`, { code: 'bad_metadata', ...(cause === undefined ? {} : { cause }) });
}
