/** Text to train on: parallel streams, read piece by piece. */

import { Random } from '../../data/random.js';
import { Vocabulary } from '../../text/vocabulary.js';
import type { Batch } from '../../training/batch.js';
import type { TrainingData } from '../../training/batching.js';
import { cutStreams, pieceOf, stepsOf } from './pieces.js';

/** How streams are cut and read. */
export interface StreamOptions {
  /** How many streams there are. */
  readonly streams: number;
  /** Steps of a piece. */
  readonly sequenceLength: number;
  /** Whether pieces are of different lengths in each epoch, if they have at least {@link SHORTEST} steps. */
  readonly variableLength: boolean;
  /** Steps before a piece that are read again, where nothing is carried. */
  readonly lookback: number;
  /** Tokens seen once: ids from `start` to before `end`, and how probably an epoch takes each for unknown. */
  readonly singletons: { readonly start: number; readonly end: number; readonly probability: number };
  readonly seed: number;
}

/** How often a piece is about half as long, and how far lengths spread around their means (Merity et al. 2018). */
const HALVED = 0.05;
const SPREAD = 5;
/** Fewest steps of a piece that are varied: of less, some would be left without any. */
const SHORTEST = 8;

/**
 * Streams as rows of training data: a row is a piece of all streams, and rows follow one another in
 * their order. Each epoch may cut pieces at other places, and take other tokens as unknown.
 */
export class Streams implements TrainingData {
  readonly #whole: Int32Array;
  readonly #options: StreamOptions;
  #streams: Int32Array[];
  /** First step of each piece, and the number of steps at the end. */
  #bounds: number[];

  /** @param whole the ids of the text, of which the first is only read, never foreseen */
  constructor(whole: Int32Array, options: StreamOptions) {
    this.#whole = whole;
    this.#options = options;
    this.#streams = cutStreams(whole, options.streams);
    this.#bounds = [];
    this.begin(0);
  }

  get size(): number {
    return this.#bounds.length - 1;
  }

  length(piece: number): number {
    const [from = 0, to = 0] = this.#bounds.slice(piece, piece + 2);
    return this.#streams.reduce((sum, stream) => sum + Math.max(0, Math.min(to, stepsOf(stream)) - from), 0);
  }

  /** As long as a piece is, so much counts its step (Merity et al. 2018). */
  learningRateScale(piece: number): number {
    const { sequenceLength, variableLength } = this.#options;
    const [from = 0, to = 0] = this.#bounds.slice(piece, piece + 2);
    return variableLength ? (to - from) / sequenceLength : 1;
  }

  batch([piece = 0]: readonly number[]): Batch {
    const [from = 0, to = 0] = this.#bounds.slice(piece, piece + 2);
    return pieceOf(this.#streams, from, to, this.#options.lookback);
  }

  /** Makes an epoch's pieces; there are as many in each. */
  begin(epoch: number): void {
    const { seed, streams, singletons } = this.#options;
    const random = new Random(Math.imul(seed, 0x9e3779b1) + epoch);
    this.#bounds = this.#places(random);
    const { start, end, probability } = singletons;
    if (start >= end || probability === 0) return;
    const hidden = this.#whole.map((id) => (id >= start && id < end && chance(random) < probability ? Vocabulary.UNKNOWN : id));
    this.#streams = cutStreams(hidden, streams);
  }

  #places(random: Random): number[] {
    const { sequenceLength, variableLength } = this.#options;
    const steps = Math.max(...this.#streams.map(stepsOf));
    const count = Math.ceil(steps / sequenceLength);
    if (!variableLength || sequenceLength < SHORTEST) return Array.from({ length: count + 1 }, (_, piece) => Math.min(steps, piece * sequenceLength));
    const ends = [0];
    for (let piece = 0; piece < count; piece += 1) ends.push((ends.at(-1) as number) + drawnLength(sequenceLength, random));
    // Stretched a little, so that all epochs have as many pieces.
    const drawn = ends.at(-1) as number;
    return ends.map((end) => Math.round((end * steps) / drawn));
  }
}

/** A length around `mean`, or now and then around half of it. */
function drawnLength(mean: number, random: Random): number {
  const centre = chance(random) < HALVED ? mean / 2 : mean;
  // Twelve uniform numbers make a normal one, as near as matters here, with additions alone.
  let normal = -6;
  for (let draw = 0; draw < 12; draw += 1) normal += chance(random);
  return Math.max(mean / 4, SPREAD * normal + centre);
}

/** A number from 0 to below 1. */
function chance(random: Random): number {
  return random.next() / 0x1_0000_0000;
}
