/** The substrings of a corpus that a unigram model starts from. */

import type { Clock } from './clock.js';
import type { WordCounts } from './words.js';

/** Pieces are at most this many characters long. */
const LONGEST_PIECE = 16;

/** A substring and how often it occurs. */
export interface SeedPiece {
  text: string;
  count: number;
}

/** Substrings of one length. */
interface Layer {
  /** By place in the corpus: the number of the substring that starts there, or `NONE`. */
  names: Int32Array;
  /** By number. */
  counts: number[];
  /** Where each occurs first. */
  places: number[];
  /** Whether each goes on in one way alone, so that the longer one says as much. */
  redundant: boolean[];
}

const NONE = -1;

/**
 * All substrings of two characters and more that occur at least twice, but those that always go on
 * with the same character (Kudo 2018 takes the inner nodes of a suffix tree, which are these): the
 * best by the number of characters they cover, at most `most`.
 *
 * The substrings of each length get numbers, which with one more character make those of the next.
 *
 * @param alphabet characters by number; all of `words`
 * @throws CancelledError
 */
export async function seedPieces(words: WordCounts, alphabet: readonly string[], most: number, clock: Clock): Promise<SeedPiece[]> {
  const corpus = corpusOf(words, alphabet);
  let layer = firstLayer(corpus, alphabet.length);
  const found: { place: number; length: number; count: number }[] = [];
  for (let length = 2; length <= LONGEST_PIECE + 1; length += 1) {
    const next = longer(corpus, layer, length, alphabet.length);
    if (length > 2) {
      layer.counts.forEach((count, name) => {
        if (count >= 2 && layer.redundant[name] === false) found.push({ place: layer.places[name] as number, length: length - 1, count });
      });
    }
    layer = next;
    if (clock.isDue) await clock.rest({ stage: 'estimating', done: found.length, total: undefined });
  }
  found.sort((a, b) => b.count * b.length - a.count * a.length || a.place - b.place || a.length - b.length);
  return found.slice(0, most).map(({ place, length, count }) => ({
    text: Array.from(corpus.symbols.subarray(place, place + length), (symbol) => alphabet[symbol]).join(''),
    count,
  }));
}

/** Words as numbers, one behind another, with `NONE` between. */
interface Corpus {
  symbols: Int32Array;
  /** By place: how often its word occurs. */
  weights: Float64Array;
}

function corpusOf(words: WordCounts, alphabet: readonly string[]): Corpus {
  const numbers = new Map(alphabet.map((character, number) => [character, number]));
  const symbols: number[] = [];
  const weights: number[] = [];
  for (const [word, count] of words) {
    for (const character of word) {
      symbols.push(numbers.get(character) as number);
      weights.push(count);
    }
    symbols.push(NONE);
    weights.push(0);
  }
  return { symbols: Int32Array.from(symbols), weights: Float64Array.from(weights) };
}

function firstLayer({ symbols, weights }: Corpus, alphabetSize: number): Layer {
  const counts = new Array<number>(alphabetSize).fill(0);
  symbols.forEach((symbol, place) => {
    if (symbol !== NONE) counts[symbol] = (counts[symbol] as number) + (weights[place] as number);
  });
  return { names: symbols.slice(), counts, places: [], redundant: new Array<boolean>(alphabetSize).fill(false) };
}

/** The substrings of a length from those that are one shorter, which learn whether they are redundant. */
function longer({ symbols, weights }: Corpus, shorter: Layer, length: number, alphabetSize: number): Layer {
  const names = new Int32Array(symbols.length).fill(NONE);
  const numbers = new Map<number, number>();
  const counts: number[] = [];
  const places: number[] = [];
  const shorterNames: number[] = [];
  shorter.names.forEach((name, place) => {
    const symbol = symbols[place + length - 1] ?? NONE;
    if (name === NONE || symbol === NONE || (shorter.counts[name] as number) < 2) return;
    const key = name * alphabetSize + symbol;
    let number = numbers.get(key);
    if (number === undefined) {
      number = counts.push(0) - 1;
      numbers.set(key, number);
      places.push(place);
      shorterNames.push(name);
    }
    counts[number] = (counts[number] as number) + (weights[place] as number);
    names[place] = number;
  });
  counts.forEach((count, number) => {
    const name = shorterNames[number] as number;
    if (count === shorter.counts[name]) shorter.redundant[name] = true;
  });
  return { names, counts, places, redundant: counts.map(() => false) };
}
