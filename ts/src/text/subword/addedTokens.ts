/** Tokens that are found in a text before any model sees it. */

import * as v from 'valibot';
import { isWhiteSpace } from '../whiteSpace.js';
import type { TextNormaliser } from './normaliser.js';
import { NormalisedText } from './normalisedText.js';
import { NOWHERE, ROOT, Trie } from './trie.js';

/** What an added token must look like as JSON. */
export const ADDED_TOKEN = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  content: v.string(),
  /** Whether it must not touch a word character. */
  single_word: v.boolean(),
  /** Whether white space before it is part of it. */
  lstrip: v.boolean(),
  /** Whether white space behind it is part of it. */
  rstrip: v.boolean(),
  /** Whether it is looked for in the normalised text, in its normalised form. */
  normalized: v.boolean(),
  /** Whether it stands for no text, so that decoding may leave it out. */
  special: v.boolean(),
});

/** An added token as JSON. */
export type AddedTokenJson = v.InferOutput<typeof ADDED_TOKEN>;

/** A part of a text: an added token, or what is left for the model. */
export interface Section {
  text: NormalisedText;
  added: AddedTokenJson | undefined;
}

/** The added tokens of a tokenizer. */
export class AddedTokens {
  readonly #byId: ReadonlyMap<number, AddedTokenJson>;
  readonly #byContent: ReadonlyMap<string, AddedTokenJson>;
  readonly #normaliser: TextNormaliser;
  readonly #raw: Finder | undefined;
  readonly #normalised: Finder | undefined;

  constructor(tokens: readonly AddedTokenJson[], normaliser: TextNormaliser) {
    this.#normaliser = normaliser;
    this.#byId = new Map(tokens.map((token) => [token.id, token]));
    this.#byContent = new Map(tokens.map((token) => [token.content, token]));
    this.#raw = finder(tokens.filter(({ normalized }) => !normalized).map((token) => [token.content, token]));
    this.#normalised = finder(
      tokens.filter(({ normalized }) => normalized).map((token) => [normaliser(NormalisedText.of(token.content)).text, token]),
    );
  }

  /** The token of an id. */
  byId(id: number): AddedTokenJson | undefined {
    return this.#byId.get(id);
  }

  /** The token with a content. */
  byContent(content: string): AddedTokenJson | undefined {
    return this.#byContent.get(content);
  }

  /** The largest id, or -1. */
  get lastId(): number {
    return Array.from(this.#byId.keys()).reduce((last, id) => Math.max(last, id), -1);
  }

  /** Cuts a text into added tokens and, normalised, what is between them. None is empty. */
  sections(text: string): Section[] {
    return cut(NormalisedText.of(text), this.#raw).flatMap((section) =>
      section.added === undefined ? cut(this.#normaliser(section.text), this.#normalised) : [section],
    );
  }
}

/** Finds strings in a text. */
interface Finder {
  trie: Trie;
  tokens: readonly AddedTokenJson[];
}

function finder(entries: readonly (readonly [string, AddedTokenJson])[]): Finder | undefined {
  const visible = entries.filter(([content]) => content !== '');
  if (visible.length === 0) return undefined;
  return { trie: new Trie(visible.map(([content], index) => [content, index])), tokens: visible.map(([, token]) => token) };
}

function cut(text: NormalisedText, found: Finder | undefined): Section[] {
  const sections: Section[] = [];
  let at = 0;
  const push = (start: number, end: number, added?: AddedTokenJson): void => {
    if (start < end) sections.push({ text: text.slice(start, end), added });
  };
  for (const { start, end, token } of found === undefined ? [] : occurrences(text.text, found)) {
    const from = token.lstrip ? spaceStart(text.text, start, at) : start;
    const to = token.rstrip ? spaceEnd(text.text, end) : end;
    // What the token before took is gone.
    if (from < at) continue;
    push(at, from);
    push(from, to, token);
    at = to;
  }
  push(at, text.text.length);
  return sections;
}

/** Added tokens in a text, from the left, of several at one place the longest. */
function* occurrences(text: string, { trie, tokens }: Finder): Generator<{ start: number; end: number; token: AddedTokenJson }> {
  for (let start = 0; start < text.length; ) {
    let longest = NOWHERE;
    let end = start;
    let node = trie.step(ROOT, text.charCodeAt(start));
    for (let at = start + 1; node !== NOWHERE; at += 1) {
      if (trie.value(node) !== NOWHERE) [longest, end] = [trie.value(node), at];
      node = at < text.length ? trie.step(node, text.charCodeAt(at)) : NOWHERE;
    }
    if (longest === NOWHERE) {
      start += 1;
      continue;
    }
    const token = tokens[longest] as AddedTokenJson;
    if (!token.single_word || standsAlone(text, start, end)) yield { start, end, token };
    start = end;
  }
}

const WORD_BEFORE = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]$/u;
const WORD_BEHIND = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]/u;

function standsAlone(text: string, start: number, end: number): boolean {
  return !WORD_BEFORE.test(text.slice(Math.max(0, start - 2), start)) && !WORD_BEHIND.test(text.slice(end, end + 2));
}

function spaceStart(text: string, start: number, least: number): number {
  let at = start;
  while (at > least && isWhiteSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function spaceEnd(text: string, end: number): number {
  let at = end;
  while (at < text.length && isWhiteSpace(text.charCodeAt(at))) at += 1;
  return at;
}
