/** `tokenizer.json`: a whole tokenizer as Hugging Face's libraries read and write it. */

import * as v from 'valibot';
import { DataError, describe, UnsupportedError } from '../../errors.js';
import { ADDED_TOKEN } from './addedTokens.js';
import { BPE, Bpe } from './bpe.js';
import { DECODER } from './decoder.js';
import { NORMALISER } from './normaliser.js';
import type { PieceModel } from './pieces.js';
import { POST_PROCESSOR } from './postProcessor.js';
import { PRE_TOKENIZER } from './preTokenizer.js';
import { UNIGRAM, Unigram } from './unigram.js';
import { PADDING, TRUNCATION } from './window.js';
import { WORD_LEVEL, WordLevel } from './wordLevel.js';
import { WORD_PIECE, WordPiece } from './wordPiece.js';

const TOKENIZER = v.object({
  version: v.optional(v.literal('1.0'), '1.0'),
  truncation: v.optional(v.nullable(TRUNCATION), null),
  padding: v.optional(v.nullable(PADDING), null),
  added_tokens: v.array(ADDED_TOKEN),
  normalizer: v.optional(v.nullable(NORMALISER), null),
  pre_tokenizer: v.optional(v.nullable(PRE_TOKENIZER), null),
  post_processor: v.optional(v.nullable(POST_PROCESSOR), null),
  decoder: v.optional(v.nullable(DECODER), null),
  model: v.variant('type', [BPE, WORD_PIECE, UNIGRAM, WORD_LEVEL]),
});

/** A tokenizer as JSON, field by field as in `tokenizer.json`. */
export type TokenizerJson = v.InferOutput<typeof TOKENIZER>;

/** The same, where defaults may be left out. */
export type TokenizerInput = v.InferInput<typeof TOKENIZER>;

/**
 * Checks what should be a tokenizer, but for the entries of its vocabulary, and fills in defaults.
 *
 * @param json the text of a `tokenizer.json`, or what `JSON.parse` made of it
 * @throws DataError (`bad_tokenizer`) with the path of what is wrong
 * @throws UnsupportedError (`unsupported_tokenizer`) naming a part of a type that is not known here
 */
export function readTokenizerJson(json: unknown): TokenizerJson {
  const given = typed(typeof json === 'string' ? parsed(json) : json);
  const result = v.safeParse(TOKENIZER, given, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'file';
  if (issue.type === 'variant' && /(^|\.)type$/.test(path) && typeof issue.input === 'string') {
    throw new UnsupportedError(`tokenizer ${path}: ${issue.received} is not supported; there are ${issue.expected?.replace(/[()]/g, '')}`, {
      code: 'unsupported_tokenizer',
    });
  }
  throw new DataError(`tokenizer ${path}: ${issue.message}`, { code: 'bad_tokenizer' });
}

/**
 * The model that some JSON describes.
 *
 * @throws DataError (`bad_tokenizer`) with the entry that is wrong
 */
export function pieceModelFrom(json: TokenizerJson['model']): PieceModel {
  switch (json.type) {
    case 'BPE':
      return new Bpe(json);
    case 'WordPiece':
      return new WordPiece(json);
    case 'Unigram':
      return new Unigram(json);
    case 'WordLevel':
      return new WordLevel(json);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError(`tokenizer: expected JSON, given ${describe(text)}`, { code: 'bad_tokenizer', cause });
  }
}

/** With the type of the model, which older files leave to the reader. */
function typed(json: unknown): unknown {
  const { model } = Object(json) as { model?: unknown };
  if (typeof model !== 'object' || model === null || 'type' in model) return json;
  const { vocab, merges, continuing_subword_prefix: prefix } = model as Partial<Record<string, unknown>>;
  const single = prefix === undefined ? 'WordLevel' : 'WordPiece';
  const type = merges !== undefined ? 'BPE' : Array.isArray(vocab) ? 'Unigram' : single;
  return { ...(json as object), model: { type, ...model } };
}
