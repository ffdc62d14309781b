/** JSON Lines: one labelled example a line, in this library's shape or an annotation tool's. */

import { DataError, describe, UsageError } from '../errors.js';
import { checkOptionNames, type OptionNames } from '../optionNames.js';
import type { EntityAnnotation } from '../text/entity.js';
import { TextOffsets, type OffsetUnit } from '../text/offsets.js';
import type { RequestExample, TaggedExample, TaggedText, TaggedTokens } from './example.js';
import { isFields, parseRecord, type Fields } from './jsonRecord.js';
import { readLines, type Line } from './lines.js';
import { SOURCE_NAMES, type SourceOptions, type TextSource } from './source.js';

/** Options of `readJsonl`. */
export interface JsonlOptions extends SourceOptions {
  /**
   * What offsets count in the source; tools written in Python, doccano and Prodigy among them,
   * count code points. Examples come out in UTF-16 either way. Default `utf16`.
   */
  offsetUnit?: OffsetUnit;
}

/** Names of {@link JsonlOptions}. */
export const JSONL_NAMES = { ...SOURCE_NAMES, offsetUnit: true } satisfies OptionNames<JsonlOptions>;

/**
 * Reads examples from JSON Lines. Each line is one of
 *
 * - `{ text, entities: [{ start, end, type }] }`, the shape that a tagger returns, or with
 *   `{ text, type }` where the entity's text occurs once;
 * - doccano's `{ text, label: [[start, end, type], …] }` (also `labels`, and `data` for `text`) or
 *   `{ text, entities: [{ start_offset, end_offset, label }] }`;
 * - Prodigy's `{ text, spans: [{ start, end, label }], answer }`; lines answered with `reject` or
 *   `ignore` are left out, and its `tokens` are not used;
 * - `{ tokens: [string], tags: [string] }`.
 *
 * Blank lines and other fields are left out.
 *
 * @throws DataError (`bad_json`, `bad_record`) with the line and the path of the field
 * @throws UsageError (`bad_option`)
 *
 * @example
 * const line = '{"text":"lunch with Ana","label":[[11,14,"PERSON"]]}';
 * for await (const example of readJsonl(line)) console.log(example);
 */
export async function* readJsonl(
  source: TextSource,
  options: JsonlOptions = {},
): AsyncGenerator<TaggedExample> {
  checkOptionNames(options, JSONL_NAMES);
  yield* jsonlExamples(readLines(source, options), options);
}

/** As `readJsonl`, from lines. */
export async function* jsonlExamples(
  lines: AsyncIterable<Line>,
  options: JsonlOptions = {},
): AsyncGenerator<TaggedExample> {
  for await (const { text, number } of lines) {
    if (text.trim() === '') continue;
    const example = new RecordReader(number, options).read(text);
    if (example !== undefined) yield example;
  }
}

/** Requests from lines; see `readRequests`. */
export async function* jsonlRequests(
  lines: AsyncIterable<Line>,
  options: JsonlOptions = {},
): AsyncGenerator<RequestExample> {
  for await (const { text, number } of lines) {
    if (text.trim() === '') continue;
    const request = new RecordReader(number, options).readRequest(text);
    if (request !== undefined) yield request;
  }
}

/** Fields that hold entities, in order of preference: a tool may use `label` for something else. */
const ENTITY_FIELDS = ['entities', 'spans', 'labels', 'label'] as const;

function entityField(record: Fields): string | undefined {
  return ENTITY_FIELDS.find((name) => record[name] !== undefined && record[name] !== null);
}

/** Reads one line. */
class RecordReader {
  readonly #line: number;
  readonly #source: string | undefined;
  readonly #unit: OffsetUnit;

  constructor(line: number, options: JsonlOptions) {
    this.#line = line;
    this.#source = options.name;
    this.#unit = options.offsetUnit ?? 'utf16';
    if (!['utf16', 'codePoint'].includes(this.#unit)) throw UsageError.option('offsetUnit', this.#unit, 'utf16 or codePoint');
  }

  /** The example of a line; undefined for one that its annotator turned down. */
  read(line: string): TaggedExample | undefined {
    const record = this.#accepted(line);
    return record && this.#tagged(record);
  }

  /** As `read`, with the intent, and where that is known without entities, too. */
  readRequest(line: string): RequestExample | undefined {
    const record = this.#accepted(line);
    if (record === undefined) return undefined;
    const { intent } = record;
    if (intent === undefined || intent === null) return this.#tagged(record);
    if (typeof intent !== 'string' || intent === '') throw this.#wrong('intent', intent, 'the name of an intent');
    const { tokens, text } = record;
    const plain = !('tags' in record) && entityField(record) === undefined;
    if (plain && Array.isArray(tokens) && text === undefined) {
      return { tokens: this.#strings('tokens', tokens), intent, ...this.#origin() };
    }
    if (plain && typeof text === 'string') return { text, intent, ...this.#origin() };
    return { ...this.#tagged(record), intent };
  }

  #accepted(line: string): Fields | undefined {
    const record = parseRecord(line, { line: this.#line, source: this.#source });
    return record['answer'] === 'reject' || record['answer'] === 'ignore' ? undefined : record;
  }

  #tagged(record: Fields): TaggedExample {
    return Array.isArray(record['tokens']) && 'tags' in record
      ? this.#tokens(record)
      : this.#text(record);
  }

  #tokens(record: Fields): TaggedTokens {
    const tokens = this.#strings('tokens', record['tokens']);
    const tags = this.#strings('tags', record['tags']);
    if (tokens.length !== tags.length) {
      throw this.#error(
        `expected as many tags as tokens, given ${tags.length} tags for ${tokens.length} tokens`,
      );
    }
    return { tokens, tags, ...this.#origin() };
  }

  #strings(field: string, value: unknown): string[] {
    if (!Array.isArray(value)) throw this.#wrong(field, value, 'an array of strings');
    return value.map((item: unknown, index) => {
      if (typeof item !== 'string') throw this.#wrong(`${field}[${index}]`, item, 'a string');
      return item;
    });
  }

  #text(record: Fields): TaggedText {
    const textField = 'text' in record || !('data' in record) ? 'text' : 'data';
    const text = record[textField];
    if (typeof text !== 'string') throw this.#wrong(textField, text, 'a string');
    const field = entityField(record);
    if (field === undefined) {
      // Prodigy leaves `spans` out of an accepted text without any.
      if (record['answer'] === 'accept') return { text, entities: [], ...this.#origin() };
      throw this.#error(
        `expected entities (a field ${ENTITY_FIELDS.join(', ')}, or tokens and tags), ` +
          `given ${describe(record)}`,
      );
    }
    const items = record[field];
    if (!Array.isArray(items)) throw this.#wrong(field, items, 'an array of entities');
    const offsets = new TextOffsets(text);
    const entities = items.map((item: unknown, index) =>
      this.#entity(item, `${field}[${index}]`, offsets),
    );
    return { text, entities, ...this.#origin() };
  }

  #entity(item: unknown, path: string, offsets: TextOffsets): EntityAnnotation {
    if (Array.isArray(item)) {
      if (item.length !== 3) throw this.#wrong(path, item, '[start, end, type]');
      const [start, end, type] = item as [unknown, unknown, unknown];
      return {
        type: this.#type(type, `${path}[2]`),
        ...this.#span(start, `${path}[0]`, end, `${path}[1]`, offsets),
      };
    }
    if (!isFields(item)) throw this.#wrong(path, item, 'an object or [start, end, type]');
    const typeField = 'type' in item || !('label' in item) ? 'type' : 'label';
    const startField = 'start_offset' in item ? 'start_offset' : 'start';
    const endField = 'end_offset' in item ? 'end_offset' : 'end';
    const type = this.#type(item[typeField], `${path}.${typeField}`);
    const covered = item['text'];
    if (covered !== undefined && typeof covered !== 'string') {
      throw this.#wrong(`${path}.text`, covered, 'a string');
    }
    if (covered !== undefined && !(startField in item) && !(endField in item)) {
      return { type, text: covered };
    }
    const span = this.#span(
      item[startField],
      `${path}.${startField}`,
      item[endField],
      `${path}.${endField}`,
      offsets,
    );
    return { type, ...span, ...(covered === undefined ? {} : { text: covered }) };
  }

  #type(value: unknown, path: string): string {
    if (typeof value === 'string' && value !== '') return value;
    throw this.#wrong(path, value, 'the name of a type');
  }

  #span(
    start: unknown,
    startPath: string,
    end: unknown,
    endPath: string,
    offsets: TextOffsets,
  ): { start: number; end: number } {
    const first = this.#offset(start, startPath, 0, offsets);
    const last = this.#offset(end, endPath, first, offsets);
    return { start: offsets.from(this.#unit, first), end: offsets.from(this.#unit, last) };
  }

  #offset(value: unknown, path: string, from: number, offsets: TextOffsets): number {
    const to = this.#unit === 'codePoint' ? offsets.codePointLength : offsets.utf16Length;
    if (typeof value === 'number' && Number.isInteger(value) && from <= value && value <= to) {
      return value;
    }
    throw this.#wrong(path, value, `an integer from ${from} to ${to}`);
  }

  #origin(): { line: number; source?: string } {
    const line = this.#line;
    return this.#source === undefined ? { line } : { line, source: this.#source };
  }

  #wrong(path: string, given: unknown, expected: string): DataError {
    return this.#error(`${path}: expected ${expected}, given ${describe(given)}`);
  }

  #error(message: string): DataError {
    return new DataError(message, { code: 'bad_record', line: this.#line, source: this.#source });
  }
}
