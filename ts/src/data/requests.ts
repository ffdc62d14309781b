/** Requests with their intents, as JSON Lines have them. */

import { checkOptionNames } from '../optionNames.js';
import type { RequestExample } from './example.js';
import { JSONL_NAMES, jsonlRequests, type JsonlOptions } from './jsonl.js';
import { readLines } from './lines.js';
import type { TextSource } from './source.js';

/**
 * Reads requests from JSON Lines: each line is a record that `readJsonl` takes, with the name of an
 * `intent` beside it. Where one of intent and entities is not known, it is left out.
 *
 * @throws DataError (`bad_json`, `bad_record`) with the line and the path of the field
 * @throws UsageError (`bad_option`)
 *
 * @example
 * const line = '{"text":"lunch with Ana","intent":"create","entities":[{"type":"PERSON","text":"Ana"}]}';
 * for await (const request of readRequests(line)) console.log(request);
 */
export async function* readRequests(source: TextSource, options: JsonlOptions = {}): AsyncGenerator<RequestExample> {
  checkOptionNames(options, JSONL_NAMES);
  yield* jsonlRequests(readLines(source, options), options);
}
