import { Classifier, type ClassifierExample, type ClassifierTrainOptions, type TrainingProgress } from 'ostinato';
import { describe, expect, test } from 'vitest';
import { engineForFile, rated, small, stars, test as unseen, training } from './sample.js';

const engine = await engineForFile();
const quick = { ...small, engine, epochs: 2 };

describe('train', () => {
  test('holds a tenth out, and reports', async () => {
    const { report, labels } = await Classifier.train(training, quick);
    expect(labels).toEqual(['animal', 'meal', 'tool']);
    expect(report.dev).toMatchObject({ source: 'held out', sentences: 19 });
    expect(report.sentences).toBe(training.length - 19);
    expect(report.tokens).toBeGreaterThan(report.sentences);
    expect(report.epochs.map(({ dev }) => Object.keys(dev ?? {}))).toEqual([['accuracy', 'macroF1'], ['accuracy', 'macroF1']]);
  });

  test('learns from everything and keeps the last epoch when nothing is held out', async () => {
    const { report } = await Classifier.train(training, { ...quick, holdOut: 0, epochs: 3 });
    expect(report).toMatchObject({ dev: null, bestEpoch: 3, stoppedEarly: false, sentences: training.length });
  });

  test('keeps the best epoch by the score that is monitored, and stops when it does not get better', async () => {
    for (const monitor of ['accuracy', 'macroF1'] as const) {
      const { report } = await Classifier.train(training, { ...quick, dev: unseen, monitor, epochs: 30, patience: 2 });
      const scores = report.epochs.map(({ dev }) => dev?.[monitor] ?? 0);
      expect(report.dev?.scores[monitor]).toBe(Math.max(...scores));
      expect(report.bestEpoch).toBe(scores.lastIndexOf(Math.max(...scores)) + 1);
      expect(report.stoppedEarly).toBe(true);
    }
  });

  test('tells where it stands, and gives the best so far', async () => {
    const seen: TrainingProgress[] = [];
    const saved: number[] = [];
    await Classifier.train(training, {
      ...quick,
      onProgress: (progress) => seen.push(progress),
      onBest: async (best) => {
        saved.push((await best.toBytes()).length);
      },
    });
    expect(seen.at(-1)).toMatchObject({ epoch: 2, epochs: 2 });
    expect(saved.length).toBeGreaterThan(0);
  });

  test('takes examples of every shape from wherever they come', async () => {
    async function* stream() {
      for (const { text, label } of training) yield { tokens: text.split(' '), label };
    }
    const classifier = await Classifier.train(stream(), quick);
    expect(classifier.settings).toMatchObject({ kind: 'single', tokenizer: { type: 'default' } });
    const spelled = training.map(({ label }, at) => ({ tokens: [...'abcdef'].slice(at % 3), label }));
    expect((await Classifier.train(spelled, quick)).settings.tokenizer).toEqual({ type: 'character' });
  });

  test('can be stopped', async () => {
    const stop = new AbortController();
    const training_ = Classifier.train(training, { ...quick, epochs: 50, signal: stop.signal, onProgress: ({ step }) => step > 1 && stop.abort() });
    await expect(training_).rejects.toMatchObject({ code: 'cancelled' });
  });

  const text = (label: unknown, ...more: object[]): ClassifierExample => Object.assign({ text: 'a', label }, ...more) as ClassifierExample;
  test.each<[string, ClassifierExample[], ClassifierTrainOptions, string, RegExp]>([
    ['no example', [], {}, 'no_data', /^training data: expected at least one example, given none$/],
    ['one label alone', [text('x'), text('x')], {}, 'no_labels', /^training data: expected examples of at least two labels, given only "x"$/],
    ['no label at all', [{ text: 'a', labels: [] }], {}, 'no_labels', /expected at least one label, given none/],
    ['an example without a label', [text('x'), text(undefined)], {}, 'bad_example', /example 2: expected .* with a label .* given an object with text, label/],
    ['a label that is no string', [text(1)], {}, 'bad_example', /given the label 1$/],
    ['an empty label', [text('')], {}, 'bad_example', /given the label ""$/],
    ['a label and labels', [text('x', { labels: ['y'] })], {}, 'bad_example', /given both label and labels/],
    ['labels for kind single', [{ text: 'a', labels: ['x'] }], { kind: 'single' }, 'bad_example', /expected one label, for kind single/],
    ['labels that are no array', [{ text: 'a', labels: 'x' as unknown as string[] }], { kind: 'multi' }, 'bad_example', /labels: expected an array, given "x"/],
    ['an empty label among labels', [{ text: 'a', labels: ['x', ''] }], {}, 'bad_example', /label 2: expected a string that is not empty/],
    ['neither text nor tokens', [{ label: 'x' } as ClassifierExample], {}, 'bad_example', /expected either a text/],
    ['text and tokens', [text('x', { tokens: ['a'] })], {}, 'bad_example', /expected either a text/],
    ['an empty token', [{ tokens: ['a', ''], label: 'x' }], {}, 'bad_example', /token 2: expected a string that is not empty/],
    ['null', [null as unknown as ClassifierExample], {}, 'bad_example', /given null/],
    ['a label that is not among those given', [text('x'), text('y')], { labels: ['x', 'z'] }, 'unknown_label', /expected the labels that are given \(x, z\), given "y"/],
    ['a label that only dev has', [text('x'), text('y')], { dev: [text('z', { line: 3, source: 'dev.csv' })] }, 'unknown_label', /^dev\.csv:3: development data: expected the labels of the training data \(x, y\), given "z"$/],
    ['a dev label that was not given', [text('x'), text('y')], { dev: [text(undefined)] }, 'bad_example', /^development data, example 1/],
  ])('refuses %s', async (_, examples, options, code, message) => {
    await expect(Classifier.train(examples, { engine, ...options })).rejects.toMatchObject({
      name: 'DataError', code, message: expect.stringMatching(message),
    });
  });

  test.each<[ClassifierTrainOptions, string]>([
    [{ kind: 'ordinal' }, 'option labels: expected all levels from the lowest up, for kind ordinal, given undefined'],
    [{ classWeights: { animal: 2, plant: 3 } }, 'option classWeights.plant: expected one of the labels animal, meal, tool, given 3'],
    [{ classWeights: { animal: 0 } }, 'option classWeights: expected balanced, or an object of a number above 0 for each label, given an object with animal'],
    [{ labels: ['a', 'a'] }, 'option labels: expected an array of at least one label, none twice and none empty, given an array of 2'],
    [{ level: 'character', tokenizer: { type: 'default' } }, 'option level: expected it to be left out beside a tokenizer, given "character"'],
    [{ pooling: 'min' as 'max' }, 'option pooling: expected max, mean, last or attention, given "min"'],
    [{ threshold: 1.5 }, 'option threshold: expected a number from 0 to 1, given 1.5'],
    [{ scheme: 'BIO' } as ClassifierTrainOptions, 'option scheme: there is no such option'],
  ])('refuses the options %j', async (options, message) => {
    await expect(Classifier.train<string>(training, { engine, ...options })).rejects.toMatchObject({
      name: 'UsageError', code: 'bad_option', message: expect.stringContaining(message),
    });
  });

  test('takes labels and levels that no example has', async () => {
    const some = rated.filter(({ label }) => label !== '3 stars');
    const { labels } = await Classifier.train(some, { ...quick, kind: 'ordinal', labels: stars });
    expect(labels).toEqual(stars);
  });

  test('takes texts without a token', async () => {
    const blank = Array.from({ length: 20 }, () => ({ text: '', label: 'blank' }));
    const classifier = await Classifier.train<string>([...training, ...blank], { ...quick, epochs: 8 });
    expect(classifier.classifySync('').label).toBe('blank');
  });
});

describe('fit', () => {
  test('goes on where training ended', async () => {
    const classifier = await Classifier.train(training, { ...quick, epochs: 1, holdOut: 0 });
    const [before] = classifier.report.epochs;
    const report = await classifier.fit(training, { epochs: 3, learningRate: 0.02 });
    expect(report).toBe(classifier.report);
    expect(report.epochs[0]?.loss).toBeLessThan(before?.loss ?? 0);
    expect((await classifier.evaluate(unseen)).accuracy).toBeGreaterThan(0.8);
  });

  test('refuses what it does not know, and to do it twice at once', async () => {
    const classifier: Classifier = await Classifier.train<string>(training, quick);
    const plants = [{ text: 'oak', label: 'plant' }];
    await expect(classifier.fit(plants)).rejects.toMatchObject({
      code: 'unknown_label', message: 'training data: expected the labels that this classifier knows (animal, meal, tool), given "plant"',
    });
    await expect(classifier.evaluate(plants)).rejects.toMatchObject({ code: 'unknown_label' });
    // However long the first has to wait for its data.
    const late = (async function* () {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* training;
    })();
    const first = classifier.fit(late, { epochs: 1 });
    await expect(classifier.fit(training)).rejects.toMatchObject({ code: 'busy', message: 'this Classifier is training already' });
    await first;
    const again: Promise<unknown>[] = [];
    await Classifier.train<string>(training, { ...quick, onBest: (best) => void again.push(expect(best.fit(training)).rejects.toMatchObject({ code: 'busy' })) });
    await Promise.all(again);
    expect(again.length).toBeGreaterThan(0);
  });
});

describe('crossValidate', () => {
  test('tests every example once, on what did not see it', async () => {
    const told: number[] = [];
    const { folds, mean, sd } = await Classifier.crossValidate(training, {
      ...small, engine, folds: 3, epochs: 8, onFold: (_, fold) => told.push(fold),
    });
    expect(folds.map(({ examples }) => examples)).toEqual([64, 64, 64]);
    expect(told).toEqual([1, 2, 3]);
    const accuracies = folds.map(({ accuracy }) => accuracy);
    const centre = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / 3;
    expect(mean.accuracy).toBeCloseTo(centre, 12);
    expect(sd.accuracy).toBeCloseTo(Math.sqrt(accuracies.reduce((sum, accuracy) => sum + (accuracy - centre) ** 2, 0) / 2), 12);
    expect(mean.accuracy).toBeGreaterThan(0.7);
    expect('hammingLoss' in mean).toBe(false);
  });

  test('leaves out of training what it tests on', async () => {
    // Only who has seen a word can know its label.
    const words = Array.from({ length: 40 }, (_, at) => ({ text: `w${at} w${at}`, label: at % 2 === 0 ? ('even' as const) : ('odd' as const) }));
    const settings = { ...small, engine, holdOut: 0, epochs: 30, dropout: 0, unknownProbability: 0 };
    const { mean } = await Classifier.crossValidate(words, { ...settings, folds: 2 });
    expect(mean.accuracy).toBeLessThan(0.8);
    const all = await Classifier.train(words, settings);
    expect((await all.evaluate(words)).accuracy).toBe(1);
  });

  test('knows a label whose only example is tested on', async () => {
    const examples = [...training.slice(0, 40), ...training.slice(-40), { text: 'oak', label: 'plant' }];
    const { folds } = await Classifier.crossValidate(examples, { ...quick, folds: 2, epochs: 1 });
    expect(folds.map(({ confusion }) => confusion?.labels.includes('plant'))).toEqual([true, true]);
  });

  test('refuses what training refuses, and folds that there are not enough examples for', async () => {
    await expect(Classifier.crossValidate([{ text: 'a', label: 'x' }, { text: 'b', label: 'y' }], { folds: 3 })).rejects.toMatchObject({
      message: 'option folds: expected a whole number from 2 to 2, the number of examples, given 3',
    });
    await expect(Classifier.crossValidate([])).rejects.toMatchObject({ code: 'no_data', message: 'examples: expected at least one example, given none' });
    await expect(Classifier.crossValidate(training, { dev: unseen } as object)).rejects.toMatchObject({ code: 'bad_option' });
    await expect(Classifier.crossValidate([{ text: 'a' }, { text: 'b' }] as ClassifierExample[], { folds: 2, engine })).rejects.toMatchObject({ code: 'bad_example' });
  });
});
