/** Learns the pieces of a unigram language model (Kudo 2018, section 3.2). */

import { ln } from '../../../arithmetic/logarithm.js';
import type { Clock } from './clock.js';
import { Lattice, LONGEST_WORD } from './lattice.js';
import { seedPieces } from './seedPieces.js';
import type { WordCounts } from './words.js';

/** How many seeds there are for each piece to be, and at least. */
const SEEDS = 10;
const FEWEST_SEEDS = 100_000;
/** Rounds of estimation before pieces are left out. */
const ROUNDS = 2;
/** Share of the pieces that stays when some are left out. */
const KEPT = 0.75;
/** Pieces expected less often go at once. */
const LEAST_EXPECTED = 0.5;
/** So much more than the wanted number is enough for the last choice. */
const SLACK = 1.1;

/** A piece with the logarithm of its probability. */
export type LikelyPiece = [text: string, logarithm: number];

/**
 * Estimates the probabilities of many pieces by expectation maximisation, leaves out those without
 * which the corpus loses least, and so on until there are `size`. Single characters stay.
 *
 * Words of more than 32 code units are read in parts.
 *
 * @param alphabet the characters; words are read without others
 * @returns the pieces by falling probability
 * @throws CancelledError
 */
export async function likelyPieces(words: WordCounts, alphabet: readonly string[], size: number, clock: Clock): Promise<LikelyPiece[]> {
  const parts = partsOf(words, new Set(alphabet));
  const letters = new Map(alphabet.map((letter) => [letter, 0]));
  for (const [part, count] of parts) for (const letter of part) letters.set(letter, (letters.get(letter) as number) + count);
  const seeds = await seedPieces(parts, alphabet, Math.max(FEWEST_SEEDS, SEEDS * size), clock);
  let texts = [...letters.keys(), ...seeds.map(({ text }) => text)];
  // The letters come first and all stay, so that a piece below `single` is one.
  const single = letters.size;
  let weights = [...letters.values(), ...seeds.map(({ text, count }) => count * text.length)];
  const enough = Math.max(single, Math.floor(size * SLACK));
  for (;;) {
    for (let round = 0; round < ROUNDS; round += 1) {
      const expected = await expectations(parts, new Lattice(texts, sharesOf(weights)), texts.length, clock);
      const kept = texts.flatMap((_, piece) => (piece < single || (expected[piece] as number) >= LEAST_EXPECTED ? [piece] : []));
      texts = kept.map((piece) => texts[piece] as string);
      weights = kept.map((piece) => Math.max(expected[piece] as number, LEAST_EXPECTED));
    }
    if (texts.length <= enough) break;
    const lattice = new Lattice(texts, sharesOf(weights));
    const kept = await leastLost(parts, lattice, texts, single, Math.max(enough, Math.floor(texts.length * KEPT)), clock);
    texts = kept.map((piece) => texts[piece] as string);
    weights = kept.map((piece) => weights[piece] as number);
  }
  const lattice = new Lattice(texts, sharesOf(weights));
  const byWeight = (a: number, b: number): number => (weights[b] as number) - (weights[a] as number) || a - b;
  const pieces = texts.map((_, piece) => piece);
  const chosen = [...pieces.slice(0, single), ...pieces.slice(single).sort(byWeight).slice(0, size - single)];
  return chosen.sort(byWeight).map((piece) => [texts[piece] as string, lattice.logarithm(piece)]);
}

/** Words in parts that are short enough and have only known characters. */
function partsOf(words: WordCounts, known: ReadonlySet<string>): WordCounts {
  const parts = new Map<string, number>();
  for (const [word, count] of words) {
    let part = '';
    const flush = (): void => {
      if (part !== '') parts.set(part, (parts.get(part) ?? 0) + count);
      part = '';
    };
    for (const character of word) {
      if (!known.has(character) || part.length + character.length > LONGEST_WORD) flush();
      if (known.has(character)) part += character;
    }
    flush();
  }
  return parts;
}

function sharesOf(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.max(weight, LEAST_EXPECTED) / sum);
}

async function expectations(parts: WordCounts, lattice: Lattice, pieces: number, clock: Clock): Promise<Float64Array> {
  const expected = new Float64Array(pieces);
  for (const [part, count] of parts) {
    lattice.expect(part, count, expected);
    if (clock.isDue) await clock.rest({ stage: 'estimating', done: pieces, total: undefined });
  }
  return expected;
}

/** The pieces without which the likelihood of the corpus, each word cut in the best way, would fall most. */
async function leastLost(
  parts: WordCounts,
  lattice: Lattice,
  texts: readonly string[],
  single: number,
  most: number,
  clock: Clock,
): Promise<number[]> {
  const counts = new Float64Array(texts.length);
  let sum = 0;
  for (const [part, count] of parts) {
    for (const piece of lattice.best(part).pieces) {
      counts[piece] = (counts[piece] as number) + count;
      sum += count;
    }
    if (clock.isDue) await clock.rest({ stage: 'estimating', done: texts.length, total: undefined });
  }
  const losses: { piece: number; loss: number }[] = [];
  for (let piece = single; piece < texts.length; piece += 1) {
    const count = counts[piece] as number;
    if (count === 0) continue;
    const instead = lattice.best(texts[piece] as string, piece).pieces;
    losses.push({ piece, loss: count * (ln(count / sum) - logarithmInstead(instead, count, counts, sum)) });
    if (clock.isDue) await clock.rest({ stage: 'estimating', done: texts.length, total: undefined });
  }
  losses.sort((a, b) => b.loss - a.loss || a.piece - b.piece);
  const letters = texts.slice(0, single).map((_, piece) => piece);
  return [...letters, ...losses.slice(0, most - single).map(({ piece }) => piece)].sort((a, b) => a - b);
}

/** The logarithm of the probability of some pieces, when they also stand wherever another one stood `count` times. */
function logarithmInstead(pieces: readonly number[], count: number, counts: Float64Array, sum: number): number {
  const total = sum + count * (pieces.length - 1);
  return pieces.reduce((logarithm, piece) => logarithm + ln(((counts[piece] as number) + count) / total), 0);
}
