import { describe, expect, test } from 'vitest';
import { classificationOf } from '../../../ts/src/models/classifier/classification.js';

const labels = ['a', 'b', 'c'];

describe('classificationOf', () => {
  test('sorts; of equal scores the first label wins', () => {
    const { label, labels: all } = classificationOf(Float32Array.of(0.25, 0.375, 0.375), { labels, settings: { kind: 'single', threshold: 0.5 } });
    expect([label, all.map((each) => each.label)]).toEqual(['b', ['b', 'c', 'a']]);
  });

  test('leaves out what is below the threshold, of several labels', () => {
    const decision = { labels, settings: { kind: 'multi', threshold: 0.5 } } as const;
    const { label, score, labels: given } = classificationOf(Float32Array.of(0.5, 0.25, 0.75), decision);
    expect([label, score]).toEqual(['c', 0.75]);
    expect(given).toEqual([{ label: 'c', score: 0.75 }, { label: 'a', score: 0.5 }]);
    expect(classificationOf(Float32Array.of(0.25, 0, 0), decision)).toEqual({ label: 'a', score: 0.25, labels: [] });
  });
});
