/** How a language model cuts texts into tokens, and puts them together again. */

import { UsageError } from '../../errors.js';
import { characterClass, JOINER, SPACE } from '../../text/characterClass.js';
import { gapBetween } from '../../text/join.js';
import { graphemeEnd } from '../../text/grapheme.js';
import type { SubwordTokenizer } from '../../text/subword/subwordTokenizer.js';
import { loadTokenizer, type Token, type Tokenizer, type TokenizerConfig } from '../../text/tokenizer.js';

/** Is told a token and its place in the text, in UTF-16 code units. */
export type VisitToken = (token: string, start: number, end: number) => void;

/** Cuts texts into tokens; unlike a tokenizer's, these leave nothing of a text out, white space neither. */
export interface Cutter {
  cut(text: string, visit: VisitToken): void;
  /** The text of tokens; a token that is undefined is unknown. */
  join(tokens: readonly (string | undefined)[]): string;
}

/** What stands for an unknown token in a text. */
const REPLACEMENT = '\ufffd';

/** Every character as people count them. */
const CHARACTERS: Cutter = {
  cut(text, visit) {
    for (let start = 0; start < text.length; ) {
      // Nothing below U+0300 joins what stands before it.
      const plain = text.charCodeAt(start) < 0x300 && !(text.charCodeAt(start + 1) >= 0x300);
      const end = plain ? start + 1 : graphemeEnd(text, start);
      visit(text.slice(start, end), start, end);
      start = end;
    }
  },
  join: (tokens) => tokens.map((token) => token ?? REPLACEMENT).join(''),
};

/**
 * The cutter of a tokenizer. Of `character` it takes white space as characters, too; of `subword` all
 * pieces, but no special ones, and no truncation or padding. Between the tokens of others stands what stands
 * between words by itself, see `gapBetween`; a token that is joined to the one before it, as a comma is,
 * begins with U+2060 in the vocabulary, and any other gap is tokens, character by character.
 *
 * @throws as `loadTokenizer`
 */
export async function cutterFor(config: TokenizerConfig): Promise<Cutter> {
  if (config.type === 'character') return CHARACTERS;
  if (config.type === 'subword') {
    // The processor behind the pieces would take spaces off their places.
    const whole = { ...config.tokenizer, truncation: null, padding: null, post_processor: null };
    return ofPieces((await loadTokenizer({ type: 'subword', tokenizer: whole })) as SubwordTokenizer);
  }
  return ofWords(await loadTokenizer(config));
}

/** What a token begins with that is joined to the one before it: a word joiner, which no token of a text begins with. */
const JOINED = '\u2060';

function ofWords(tokenizer: Tokenizer): Cutter {
  return {
    cut(text, visit) {
      let before: Token | undefined;
      for (const token of tokenizer.tokenize(text)) {
        const { start, end } = token;
        const gap = text.slice(before?.end ?? 0, start);
        const usual = before !== undefined && gap === gapBetween(before.text, token.text);
        if (!usual) visitCharacters(gap, before?.end ?? 0, visit);
        const joined = before !== undefined && gap === '' && !usual;
        visit(joined ? JOINED + token.text : token.text, start, end);
        before = token;
      }
      visitCharacters(text.slice(before?.end ?? 0), before?.end ?? 0, visit);
    },
    join(tokens) {
      let text = '';
      let before: string | undefined;
      for (const given of tokens) {
        const token = given ?? REPLACEMENT;
        const joined = token.startsWith(JOINED) && token !== JOINED;
        const own = joined ? token.slice(JOINED.length) : token;
        const isGap = [...own].length === 1 && GAP.includes(characterClass(own.codePointAt(0) as number));
        text += before === undefined || joined || isGap ? own : gapBetween(before, own) + own;
        before = isGap ? undefined : own;
      }
      return text;
    },
  };
}

/** Classes of what stands between tokens. */
const GAP = [SPACE, JOINER];

function visitCharacters(gap: string, from: number, visit: VisitToken): void {
  let at = from;
  for (const character of gap) {
    visit(character, at, at + character.length);
    at += character.length;
  }
}

function ofPieces(tokenizer: SubwordTokenizer): Cutter {
  return {
    cut: (text, visit) => cutPieces(tokenizer, text, 0, visit),
    join(tokens) {
      // Runs of pieces between what is none are decoded together.
      let text = '';
      let ids: number[] = [];
      for (const token of [...tokens, undefined]) {
        const id = token === undefined ? undefined : tokenizer.idOf(token);
        if (id !== undefined) {
          ids.push(id);
          continue;
        }
        text += tokenizer.decode(ids) + (token ?? REPLACEMENT);
        ids = [];
      }
      return text.slice(0, -REPLACEMENT.length);
    },
  };
}

/** Visits the pieces of a text; a character that a vocabulary has nothing for, not even an unknown piece, is itself. */
function cutPieces(tokenizer: SubwordTokenizer, text: string, from: number, visit: VisitToken): void {
  if (text === '') return;
  try {
    const { tokens } = tokenizer.encode(text, { addSpecialTokens: false });
    for (const { text: piece, start, end } of tokens) visit(piece, from + start, from + end);
  } catch (error) {
    if (!(error instanceof UsageError && error.code === 'unknown_piece')) throw error;
    const half = halfOf(text);
    if (half === text.length) {
      visit(text, from, from + half);
      return;
    }
    // What is known on either side comes out piece by piece.
    cutPieces(tokenizer, text.slice(0, half), from, visit);
    cutPieces(tokenizer, text.slice(half), from + half, visit);
  }
}

/** Where a text is cut in two: before a space where there is one, never within a code point; the length of a single one. */
function halfOf(text: string): number {
  const space = text.lastIndexOf(' ', text.length >> 1);
  if (space > 0) return space;
  const half = Math.max(1, text.length >> 1);
  return (text.codePointAt(half - 1) as number) > 0xffff ? half + 1 : half;
}
