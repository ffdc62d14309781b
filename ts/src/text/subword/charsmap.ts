/** SentencePiece's normalisation rules, as its models carry them. */

import { DataError, UnsupportedError } from '../../errors.js';
import type { Edit, NormalisedText } from './normalisedText.js';

/** Longest character sequence, in UTF-8 bytes, that SentencePiece looks up as one. */
const LONGEST_SEQUENCE = 5;

/**
 * A character map as SentencePiece compiles it (`precompiled_charsmap`): a double-array trie
 * (Yata's Darts-clone) from UTF-8 byte strings to offsets among zero-terminated strings.
 */
export class Charsmap {
  readonly #units: DataView;
  readonly #strings: Uint8Array;
  readonly #segmenter: Intl.Segmenter;
  /** What was looked up before; undefined stays as it is. */
  readonly #known = new Map<string, string | undefined>();

  /**
   * @param base64 the size of the trie in bytes (four bytes, little-endian), the trie, the strings
   * @throws DataError (`bad_charsmap`) when it is not that
   * @throws UnsupportedError (`no_segmenter`) where the host has no Intl.Segmenter, which finds
   *   characters that belong together
   */
  constructor(base64: string) {
    const blob = decodeBase64(base64);
    const size = blob.length < 4 ? Number.NaN : new DataView(blob.buffer).getUint32(0, true);
    if (!(size >= 4 && size % 4 === 0 && 4 + size <= blob.length)) {
      throw new DataError('expected a character map of SentencePiece, given bytes of another form', { code: 'bad_charsmap' });
    }
    if (typeof Intl === 'undefined' || Intl.Segmenter === undefined) {
      throw new UnsupportedError('the normaliser Precompiled needs Intl.Segmenter, which this host does not have', {
        code: 'no_segmenter',
      });
    }
    this.#units = new DataView(blob.buffer, 4, size);
    this.#strings = blob.subarray(4 + size);
    this.#segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  }

  /** Replaces what the map has a rule for: short grapheme clusters as a whole, else each character. */
  apply(text: NormalisedText): NormalisedText {
    const edits: Edit[] = [];
    const edit = (part: string, start: number): boolean => {
      const replaced = this.#lookup(part);
      if (replaced !== undefined) edits.push({ start, end: start + part.length, text: replaced });
      return replaced !== undefined;
    };
    for (const { segment, index } of this.#segmenter.segment(text.text)) {
      if (edit(segment, index)) continue;
      let at = index;
      for (const character of segment) {
        // A character alone has been looked up just now.
        if (character !== segment) edit(character, at);
        at += character.length;
      }
    }
    return text.edited(edits);
  }

  #lookup(part: string): string | undefined {
    if (this.#known.has(part)) return this.#known.get(part);
    const key = encoder.encode(part);
    const single = [...part].length === 1;
    const found = single || key.length <= LONGEST_SEQUENCE ? this.#find(key) : undefined;
    // The most common characters of a text come early: what is known of them stays.
    if (this.#known.size < MOST_KNOWN) this.#known.set(part, found);
    return found;
  }

  /** The string of the shortest prefix of `key` that has one, as SentencePiece's readers take it. */
  #find(key: Uint8Array): string | undefined {
    let node = offsetOf(this.#unit(0));
    for (const byte of key) {
      node ^= byte;
      const unit = this.#unit(node);
      if (unit < 0 || byte === 0 || (unit & 0xff) !== byte) return undefined;
      node ^= offsetOf(unit);
      if (((unit >>> 8) & 1) === 1) return this.#string(this.#unit(node) & 0x7fffffff);
    }
    return undefined;
  }

  /** A unit of the trie; one that matches no byte where there is none. */
  #unit(index: number): number {
    return index * 4 < this.#units.byteLength ? this.#units.getInt32(index * 4, true) : -1;
  }

  #string(start: number): string {
    const end = this.#strings.indexOf(0, start);
    return decoder.decode(this.#strings.subarray(start, end < 0 ? undefined : end));
  }
}

const MOST_KNOWN = 20_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  } catch (cause) {
    throw new DataError('expected a character map in base64', { code: 'bad_charsmap', cause });
  }
}
