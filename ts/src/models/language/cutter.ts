/** How a language model cuts texts into tokens, and puts them together again. */

import { joinTokens } from '../../text/join.js';
import { characterEnd } from '../../text/ruleTokenizer.js';
import type { SubwordTokenizer } from '../../text/subword/subwordTokenizer.js';
import { loadTokenizer, type TokenizerConfig } from '../../text/tokenizer.js';

/** Is told a token and its place in the text, in UTF-16 code units. */
export type VisitToken = (token: string, start: number, end: number) => void;

/** Cuts texts into tokens; unlike a tokenizer's, those of characters and pieces hold white space, too. */
export interface Cutter {
  cut(text: string, visit: VisitToken): void;
  /** The text of tokens; a token that is undefined is unknown. */
  join(tokens: readonly (string | undefined)[]): string;
}

/** What stands for an unknown token in a text. */
const REPLACEMENT = '\ufffd';

/** Every character, with the marks and joiners that follow it. */
const CHARACTERS: Cutter = {
  cut(text, visit) {
    for (let start = 0; start < text.length; ) {
      // Nothing below U+0300 joins what stands before it.
      const plain = text.charCodeAt(start) < 0x300 && !(text.charCodeAt(start + 1) >= 0x300);
      const end = plain ? start + 1 : characterEnd(text, start);
      visit(text.slice(start, end), start, end);
      start = end;
    }
  },
  join: (tokens) => tokens.map((token) => token ?? REPLACEMENT).join(''),
};

/**
 * The cutter of a tokenizer. Of `character` it takes white space as characters, too; of `subword` all
 * pieces, but no special ones, and no truncation or padding; of the others the tokens, which are joined
 * by spaces.
 *
 * @throws as `loadTokenizer`
 */
export async function cutterFor(config: TokenizerConfig): Promise<Cutter> {
  if (config.type === 'character') return CHARACTERS;
  if (config.type === 'subword') {
    const whole = { ...config.tokenizer, truncation: null, padding: null };
    return ofPieces((await loadTokenizer({ type: 'subword', tokenizer: whole })) as SubwordTokenizer);
  }
  const tokenizer = await loadTokenizer(config);
  return {
    cut(text, visit) {
      for (const token of tokenizer.tokenize(text)) visit(token.text, token.start, token.end);
    },
    join: (tokens) => joinTokens(tokens.map((token) => token ?? REPLACEMENT)),
  };
}

function ofPieces(tokenizer: SubwordTokenizer): Cutter {
  return {
    cut(text, visit) {
      for (const { text: piece, start, end } of tokenizer.encode(text, { addSpecialTokens: false }).tokens) visit(piece, start, end);
    },
    join(tokens) {
      // Ids are those of the tokenizer, which knows every piece that it once gave; runs between unknown ones are decoded together.
      let text = '';
      let ids: number[] = [];
      for (const token of [...tokens, undefined]) {
        const id = token === undefined ? undefined : tokenizer.idOf(token);
        if (id !== undefined) {
          ids.push(id);
          continue;
        }
        text += tokenizer.decode(ids) + REPLACEMENT;
        ids = [];
      }
      return text.slice(0, -REPLACEMENT.length);
    },
  };
}
