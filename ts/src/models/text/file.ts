/** What the files of models that read text have in common beside spec and parameters. */

import * as v from 'valibot';
import { ModelFileError, OstinatoError } from '../../errors.js';
import type { ModelFile, ModelMetadata } from '../../io/modelFile.js';
import { Vocabulary } from '../../text/vocabulary.js';
import { REPORT, type LearningReport } from '../learning/report.js';
import type { Option } from '../option.js';
import type { TokenEncoder, Vocabularies } from './encoder.js';

/** What a file says of the model in it. */
export interface TextFileParts {
  /** Kind of model, such as `tagger`. */
  kind: string;
  /** Version of what stands in this metadata. */
  version: number;
  settings: object;
  encoder: TokenEncoder;
  report: LearningReport;
}

/** The metadata of a file; `more` is what only this kind of model has. */
export function textMetadata({ kind, version, settings, encoder, report }: TextFileParts, more: object): ModelMetadata {
  const metadata = {
    kind,
    [`${kind}_version`]: version,
    settings,
    ...more,
    words: encoder.words.toJSON(),
    ...(encoder.characters === undefined ? {} : { characters: encoder.characters.toJSON() }),
    report,
  };
  return metadata as unknown as ModelMetadata;
}

/** Reads metadata field by field; each is checked. */
export class MetadataReader {
  readonly #file: Partial<ModelFile> & Pick<ModelFile, 'metadata'>;

  /**
   * @throws ModelFileError (`wrong_kind`) for a model of another kind, (`wrong_version`) for one of
   *   another version
   */
  constructor(file: Partial<ModelFile> & Pick<ModelFile, 'metadata'>, kind: string, version: number) {
    this.#file = file;
    const { kind: given, [`${kind}_version`]: givenVersion } = file.metadata;
    if (given !== kind) {
      const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
      throw new ModelFileError(`kind: expected ${article} ${kind}, given ${JSON.stringify(given) ?? 'a model that does not say'}`, {
        code: 'wrong_kind',
      });
    }
    if (givenVersion !== version) {
      throw new ModelFileError(`${kind}_version: expected ${version}, given ${JSON.stringify(givenVersion)}`, {
        code: 'wrong_version',
      });
    }
  }

  /** @throws ModelFileError (`bad_metadata`) naming the field that is wrong */
  field<T>(name: string, schema: v.GenericSchema<unknown, T>): T {
    const value = this.#file.metadata[name];
    const result = v.safeParse(schema, value);
    // Not the parsed copy, whose fields stand in the schema's order: a file saved again is to be the same.
    if (result.success) return value as T;
    const path = [name, v.getDotPath(result.issues[0])].filter((part) => part !== null).join('.');
    throw badMetadata(path, result.issues[0].message);
  }

  /**
   * The settings, each of which is an option of the table; `vectors` never stands in a file.
   *
   * @throws ModelFileError (`bad_metadata`)
   */
  settings<T>({ vectors: _, ...kept }: { readonly [option: string]: Option }): T {
    const schema = v.strictObject(Object.fromEntries(Object.entries(kept).map(([name, option]) => [name, option.schema])));
    return this.field('settings', schema) as T;
  }

  /** @throws ModelFileError (`bad_metadata`) */
  report(): LearningReport {
    return this.field('report', REPORT) as unknown as LearningReport;
  }

  /** @throws ModelFileError (`bad_metadata`) */
  vocabularies({ characters }: { characters: 'lstm' | 'cnn' | 'none' }): Vocabularies {
    return {
      words: this.#vocabulary('words'),
      characters: characters === 'none' ? undefined : this.#vocabulary('characters'),
    };
  }

  #vocabulary(name: string): Vocabulary {
    try {
      return Vocabulary.fromJSON(this.#file.metadata[name]);
    } catch (error) {
      if (error instanceof OstinatoError) throw badMetadata(name, error.message, error);
      throw error;
    }
  }

  /**
   * Whether spec and metadata are of one model.
   *
   * @param sizes of other inputs than words and characters: how many ids, or numbers for each row
   * @throws ModelFileError (`bad_metadata`)
   */
  checkSpec(encoder: TokenEncoder, sizes: { readonly [input: string]: number }, entries: readonly string[]): void {
    const { words, characters } = encoder.sizes;
    this.checkInputs({ words, ...sizes, ...(encoder.characters && { characters }) }, entries);
  }

  /**
   * Whether the spec has these entries, and inputs of these sizes.
   *
   * @throws ModelFileError (`bad_metadata`)
   */
  checkInputs(sizes: { readonly [input: string]: number }, entries: readonly string[]): void {
    const { model } = this.#file;
    for (const [name, size] of Object.entries(sizes)) {
      const input = model?.spec.inputs[name];
      const [given, unit] = input?.type === 'matrix' ? [input.width, 'numbers'] : [input?.size, 'ids'];
      if (given !== size) throw badMetadata(`spec.inputs.${name}`, `expected ${size} ${unit}, given ${given}`);
    }
    for (const name of entries) {
      if (!model?.entries.some((entry) => entry.name === name)) throw badMetadata(`spec.entries.${name}`, 'missing');
    }
  }
}

/** The error for metadata that is not as it must be. */
export function badMetadata(path: string, message: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`${path}: ${message}`, { code: 'bad_metadata', ...(cause === undefined ? {} : { cause }) });
}
