import { describe, expect, test } from 'vitest';
import { scoreSpans } from '../../../ts/src/models/tagger/entities.js';
import { convertTags, decodeTags, tagsOf, type TagScheme } from '../../../ts/src/text/tagScheme.js';
import { Random } from '../../../ts/src/data/random.js';

/** Every sequence of `length` tags with its probability under a random chain, in f64. */
function randomChain(scheme: TagScheme, types: readonly string[], length: number, seed: number) {
  const tags = tagsOf(types, scheme);
  const random = new Random(seed);
  const score = (): number => random.below(1000) / 250 - 2;
  const emissions = Array.from({ length }, () => tags.map(score));
  const transitions = tags.map(() => tags.map(score));
  const sequences: { ids: number[]; weight: number }[] = [];
  for (let code = 0; code < tags.length ** length; code += 1) {
    const ids = Array.from({ length }, (_, t) => Math.floor(code / tags.length ** t) % tags.length);
    const names = ids.map((id) => tags[id] as string);
    if (convertTags(names, scheme).join() !== names.join()) continue;
    const total = ids.reduce(
      (sum, id, t) => sum + (emissions[t]?.[id] ?? 0) + (t > 0 ? (transitions[ids[t - 1] as number]?.[id] ?? 0) : 0),
      0,
    );
    sequences.push({ ids, weight: Math.exp(total) });
  }
  return { tags, sequences };
}

const sum = (weights: readonly { weight: number }[]): number => weights.reduce((total, { weight }) => total + weight, 0);

describe.each(['BIO', 'BIOES', 'BMES'] as const)('scoreSpans in %s', (scheme) => {
  test.each([1, 2, 3])('is the probability of exactly this span, by enumeration (chain %d)', (seed) => {
    const length = 4;
    const { tags, sequences } = randomChain(scheme, ['A', 'B'], length, seed);
    const all = sum(sequences);
    // Every sound sequence is looked at as a path of its own, not the best one alone.
    for (const { ids: path } of sequences.filter((_, index) => index % 7 === 0)) {
      const marginals = new Float32Array(length * tags.length);
      const conditionals = new Float32Array(length * tags.length);
      for (let t = 0; t < length; t += 1) {
        const given = t === 0 ? sequences : sequences.filter(({ ids }) => ids[t - 1] === path[t - 1]);
        for (let tag = 0; tag < tags.length; tag += 1) {
          marginals[t * tags.length + tag] = sum(sequences.filter(({ ids }) => ids[t] === tag)) / all;
          conditionals[t * tags.length + tag] = sum(given.filter(({ ids }) => ids[t] === tag)) / sum(given);
        }
      }
      const scored = scoreSpans(path, marginals, conditionals, tags);
      const names = path.map((id) => tags[id] as string);
      expect(scored.map(({ type, start, end }) => ({ type, start, end }))).toEqual(decodeTags(names));
      for (const { type, start, end, score } of scored) {
        const having = sequences.filter(({ ids }) =>
          decodeTags(ids.map((id) => tags[id] as string)).some(
            (span) => span.type === type && span.start === start && span.end === end,
          ),
        );
        expect(score).toBeCloseTo(sum(having) / all, 5);
      }
    }
  });
});
