import { Classifier, type ClassifierTrainOptions } from 'ostinato';
import { describe, expect, test } from 'vitest';
import { engineForFile, rated, several, small, stars, test as unseen, training } from './sample.js';

const engine = await engineForFile();

/** What all parameters are, number by number. */
function bits(classifier: Classifier): number[] {
  return classifier.model.parameters.flatMap(({ name }) => [...classifier.model.parameterSync(name)]);
}

describe('one label a text is learnt', () => {
  test.each<[string, ClassifierTrainOptions]>([
    ['by itself', {}],
    ['by averages', { pooling: 'mean' }],
    ['by the last states', { pooling: 'last' }],
    ['by attention', { pooling: 'attention' }],
    ['by a GRU of two layers and their last states', { cell: 'gru', layers: 2, pooling: 'last', dropout: 0.2 }],
    ['by a simple network in one direction', { cell: 'rnn', bidirectional: false, dropout: 0.2, learningRate: 0.01, epochs: 20 }],
    ['from characters', { level: 'character', hiddenSize: 24, dropout: 0.2, epochs: 20 }],
    ['from words and their characters', { characters: 'cnn', minCount: 1 }],
    ['with smooth labels, balanced classes and dropped words', { labelSmoothing: 0.1, classWeights: 'balanced', wordDropout: 0.1 }],
  ])('%s', async (_, options) => {
    const classifier = await Classifier.train<string>(training, { ...small, engine, ...options });
    const { accuracy, macroF1, confusion } = await classifier.evaluate(unseen);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(macroF1).toBeGreaterThan(0.9);
    expect(confusion?.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(unseen.length);
    classifier.dispose();
  });

  test('to the same bits again, and to others from another seed', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => Classifier.train(training, { ...small, engine, seed, epochs: 2 })),
    ) as [Classifier, Classifier, Classifier];
    expect(bits(again)).toEqual(bits(first));
    expect(bits(other)).not.toEqual(bits(first));
  });
});

describe('several labels a text are learnt', () => {
  test('each by itself', async () => {
    const classifier = await Classifier.train(several, { ...small, engine, epochs: 20 });
    expect(classifier.settings.kind).toBe('multi');
    const scores = await classifier.evaluate(several);
    expect(scores.accuracy).toBeGreaterThan(0.9);
    expect(scores.microF1).toBeGreaterThan(0.95);
    expect(scores.hammingLoss).toBeLessThan(0.05);
    expect(scores.confusion).toBeUndefined();
    const { labels } = classifier.classifySync('the owl and the saw are here');
    expect(labels.map(({ label }) => label).sort()).toEqual(['animal', 'tool']);
    expect(classifier.classifySync('the thing and the matter are here').labels).toEqual([]);
  });

  test('from the threshold on', async () => {
    const classifier = await Classifier.train(several, { ...small, engine, threshold: 0, epochs: 1 });
    expect(classifier.classifySync('thing').labels).toHaveLength(3);
  });
});

describe('levels are learnt', () => {
  test('from a bell around the place of a text', async () => {
    const options = { ...small, engine, kind: 'ordinal', labels: stars, epochs: 1, learningRate: 1e-9 } as const;
    const { model } = await Classifier.train(rated, options);
    expect([...model.parameterSync('levels.weight')]).toEqual([-2, -1, 0, 1, 2]);
    [-2, -0.5, 0, -0.5, -2].forEach((bias, level) => expect(model.parameterSync('levels.bias')[level]).toBeCloseTo(bias, 5));
  });

  test('near the truth, in their order', async () => {
    const classifier = await Classifier.train(rated, { ...small, engine, kind: 'ordinal', labels: stars, dropout: 0.2, epochs: 25 });
    expect(classifier.labels).toEqual(stars);
    const { accuracy, meanAbsoluteError, quadraticWeightedKappa } = await classifier.evaluate(rated);
    expect(accuracy).toBeGreaterThan(0.85);
    expect(meanAbsoluteError).toBeLessThan(0.2);
    expect(quadraticWeightedKappa).toBeGreaterThan(0.9);
    // One place on a line decides: the odds of neighbours differ by the same factor from text to text.
    const odds = (text: string): number[] => {
      const scores = new Map(classifier.classifySync(text).labels.map(({ label, score }) => [label, score]));
      return stars.slice(1).map((label, below) => Math.log((scores.get(label) ?? 0) / (scores.get(stars[below] as (typeof stars)[number]) ?? 0)));
    };
    const [low, high] = [odds('no cat today but a drill poor'), odds('no cat today but a drill good')];
    const steps = high.map((odd, at) => odd - (low[at] ?? 0));
    for (const step of steps) expect(step / (steps[0] ?? 0)).toBeCloseTo(1, 2);
    expect(steps[0]).toBeGreaterThan(0);
  });
});

describe('what classes count for', () => {
  // The same text with either label: what is learnt is how often each counts.
  const doubtful = Array.from({ length: 40 }, (_, at) => ({ text: 'so so', label: at % 4 === 0 ? ('rare' as const) : ('common' as const) }));
  const scoreOfRare = async (options: ClassifierTrainOptions<'rare' | 'common'>): Promise<number> => {
    const classifier = await Classifier.train(doubtful, { ...small, engine, holdOut: 0, epochs: 40, dropout: 0, ...options });
    const { labels } = classifier.classifySync('so so');
    return labels.find(({ label }) => label === 'rare')?.score ?? NaN;
  };

  test('is how many there are, unless they are balanced or weighed', async () => {
    expect(await scoreOfRare({})).toBeCloseTo(0.25, 1);
    expect(await scoreOfRare({ classWeights: 'balanced' })).toBeCloseTo(0.5, 1);
    expect(await scoreOfRare({ classWeights: { rare: 9 } })).toBeCloseTo(0.75, 1);
  });

  test('of several labels, is what having one counts for', async () => {
    const scores = async (options: ClassifierTrainOptions<'rare' | 'all'>): Promise<{ [label: string]: number }> => {
      const texts = doubtful.map(({ text, label }) => ({ text, labels: label === 'rare' ? (['rare', 'all'] as const) : (['all'] as const) }));
      const settings = { ...small, engine, holdOut: 0, epochs: 40, dropout: 0, threshold: 0 };
      const { labels } = (await Classifier.train(texts, { ...settings, ...options })).classifySync('so so');
      return Object.fromEntries(labels.map(({ label, score }) => [label, score]));
    };
    expect((await scores({}))['rare']).toBeCloseTo(0.25, 1);
    const balanced = await scores({ classWeights: 'balanced' });
    expect(balanced['rare']).toBeCloseTo(0.5, 1);
    expect(balanced['all']).toBeGreaterThan(0.95);
  });
});
