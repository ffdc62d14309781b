/** Decoders of tokenizer files: from pieces back to text. */

import * as v from 'valibot';
import { joinTokens } from '../join.js';
import { byteOf } from './byteFallback.js';
import { bytesOf } from './byteLevel.js';
import { METASPACE } from './metaspace.js';
import { PATTERN, patternExpression } from './pattern.js';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const yes = v.optional(v.boolean(), true);

const SINGLE = v.variant('type', [
  // Its flags mean nothing here, but other libraries want them.
  v.object({ type: v.literal('ByteLevel'), add_prefix_space: yes, trim_offsets: yes, use_regex: yes }),
  v.object({ type: v.picklist(['ByteFallback', 'Fuse', 'Ostinato']) }),
  v.object({ type: v.literal('WordPiece'), prefix: v.optional(v.string(), '##'), cleanup: yes }),
  METASPACE,
  v.object({ type: v.literal('BPEDecoder'), suffix: v.optional(v.string(), '</w>') }),
  v.object({ type: v.literal('Strip'), content: v.string(), start: count, stop: count }),
  v.object({ type: v.literal('Replace'), pattern: PATTERN, content: v.string() }),
]);

/**
 * A decoder as JSON, with the names of `tokenizer.json`.
 *
 * - `ByteLevel`: characters that stand for bytes to the text of these; `ByteFallback`: runs of
 *   `<0x00>` to `<0xFF>` to theirs.
 * - `WordPiece`: a space before each piece without the prefix, and, with `cleanup`, none before
 *   punctuation; `Metaspace`: `▁` to a space, but the first at the start; `BPEDecoder`: a suffix to a space.
 * - `Fuse`: all pieces as one; `Strip`, `Replace`: in each piece.
 * - `Ostinato`: words with spaces between them, but none among Chinese or Japanese ones. No other
 *   library reads it.
 * - `Sequence`: one after another.
 */
export type DecoderJson = v.InferOutput<typeof SINGLE> | { type: 'Sequence'; decoders: DecoderJson[] };

/** The same, where defaults may be left out. */
export type DecoderInput = v.InferInput<typeof SINGLE> | { type: 'Sequence'; decoders: DecoderInput[] };

/** What a decoder must look like. */
export const DECODER: v.GenericSchema<DecoderInput, DecoderJson> = v.variant('type', [
  ...SINGLE.options,
  v.object({ type: v.literal('Sequence'), decoders: v.array(v.lazy(() => DECODER)) }),
]);

/** Rewrites pieces; joined, those that come out of the last decoder are the text. */
export type Decoder = (pieces: readonly string[]) => readonly string[];

/**
 * The decoder that some JSON describes; for null, one that puts spaces between the pieces.
 *
 * @throws UnsupportedError for a pattern that JavaScript cannot have
 */
export function decoderFrom(json: DecoderJson | null): Decoder {
  if (json === null) return (pieces) => [pieces.join(' ')];
  switch (json.type) {
    case 'ByteLevel':
      return (pieces) => [lossy.decode(Uint8Array.from(pieces.flatMap((piece) => bytesOf(piece) ?? Array.from(encoder.encode(piece)))))];
    case 'ByteFallback':
      return joinBytes;
    case 'Fuse':
      return (pieces) => [pieces.join('')];
    case 'Ostinato':
      return (pieces) => [joinTokens(pieces)];
    case 'WordPiece':
      return wordPiece(json.prefix, json.cleanup);
    case 'Metaspace':
      return metaspace(json);
    case 'BPEDecoder': {
      const { suffix } = json;
      return (pieces) => pieces.map((piece, index) => piece.replaceAll(suffix, index === pieces.length - 1 ? '' : ' '));
    }
    case 'Strip':
      return (pieces) => pieces.map((piece) => strip(piece, json));
    case 'Replace': {
      const expression = patternExpression(json.pattern);
      return (pieces) => pieces.map((piece) => piece.replace(expression, () => json.content));
    }
    case 'Sequence': {
      const steps = json.decoders.map(decoderFrom);
      return (pieces) => steps.reduce((rewritten, step) => step(rewritten), pieces);
    }
  }
}

const encoder = new TextEncoder();
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Runs of byte pieces to their text; of bytes that are no UTF-8, each is U+FFFD. */
function joinBytes(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) joined.push(textOf(bytes));
    bytes = [];
  };
  for (const piece of pieces) {
    const byte = byteOf(piece);
    if (byte !== undefined) {
      bytes.push(byte);
      continue;
    }
    flush();
    joined.push(piece);
  }
  flush();
  return joined;
}

function textOf(bytes: readonly number[]): string {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return '\ufffd'.repeat(bytes.length);
  }
}

function wordPiece(prefix: string, cleanUp: boolean): Decoder {
  return (pieces) =>
    pieces.map((piece, index) => {
      let text = piece;
      if (index > 0) text = text.startsWith(prefix) ? text.slice(prefix.length) : ` ${text}`;
      return cleanUp ? CLEANED.reduce((cleaned, [from, to]) => cleaned.replaceAll(from, to), text) : text;
    });
}

/** What BERT's English reads better without. */
const CLEANED = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

function metaspace({ replacement, prepend_scheme: scheme }: DecoderJson & { type: 'Metaspace' }): Decoder {
  return (pieces) =>
    pieces.map((piece, index) => {
      const text = piece.replaceAll(replacement, ' ');
      return index === 0 && scheme !== 'never' && text.startsWith(' ') ? text.slice(1) : text;
    });
}

/** A piece without up to `start` of a character at its start and `stop` at its end. */
function strip(piece: string, { content, start, stop }: DecoderJson & { type: 'Strip' }): string {
  if (content === '') return piece;
  let from = 0;
  for (let count = 0; count < start && piece.startsWith(content, from); count += 1) from += content.length;
  let to = piece.length;
  for (let count = 0; count < stop && to > from && piece.slice(from, to).endsWith(content); count += 1) to -= content.length;
  return piece.slice(from, to);
}
