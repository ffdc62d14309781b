import { Classifier, loadModelFile, saveModelFile, Tagger } from 'ostinato';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../ts/src/spec/spec.js';
import { engineForFile, rated, several, small, stars, test as unseen, training } from './sample.js';

const engine = await engineForFile();
const quick = { ...small, engine, epochs: 2 };

describe('a classifier that was saved', () => {
  test.each([
    ['single', () => Classifier.train(training, { ...quick, characters: 'lstm', classWeights: { tool: 2 } })],
    ['multi', () => Classifier.train(several, quick)],
    ['ordinal', () => Classifier.train(rated, { ...quick, kind: 'ordinal', labels: stars })],
    ['attentive', () => Classifier.train(training, { ...quick, pooling: 'attention' })],
  ])('is the same when it is read: %s', async (_, make: () => Promise<Classifier>) => {
    const classifier = await make();
    const bytes = await classifier.save();
    const read = await Classifier.load(bytes, { engine });
    expect(read.settings).toEqual(classifier.settings);
    expect(read.labels).toEqual(classifier.labels);
    expect(read.report).toEqual(classifier.report);
    const texts = [...unseen.map(({ text }) => text), ''];
    expect(read.classifyBatchSync(texts)).toEqual(classifier.classifyBatchSync(texts));
    expect(await read.toBytes()).toEqual(bytes);
    if (classifier.settings.pooling === 'attention') expect(read.explainSync('cat or dog')).toEqual(classifier.explainSync('cat or dog'));
  });

  test('goes on training', async () => {
    const read = await Classifier.load<'animal' | 'meal' | 'tool'>(await (await Classifier.train(training, quick)).save(), { engine });
    await read.fit(training, { epochs: 6, learningRate: 0.02 });
    expect((await read.evaluate(unseen)).accuracy).toBeGreaterThan(0.8);
  });
});

describe('a file', () => {
  type Metadata = { [name: string]: Json };
  const edited = async (edit: (metadata: Metadata) => void): Promise<Uint8Array> => {
    const { model, metadata } = await loadModelFile(await (await Classifier.train(training, quick)).toBytes(), { engine });
    const copy = structuredClone(metadata) as Metadata;
    edit(copy);
    return saveModelFile(model, copy);
  };

  test.each<[string, (metadata: Metadata) => void, string, RegExp]>([
    ['of another kind', (metadata) => (metadata['kind'] = 'tagger'), 'wrong_kind', /^kind: expected a classifier, given "tagger"$/],
    ['without a kind', (metadata) => delete metadata['kind'], 'wrong_kind', /given a model that does not say$/],
    ['of another version', (metadata) => (metadata['classifier_version'] = 2), 'wrong_version', /^classifier_version: expected 1, given 2$/],
    ['without settings', (metadata) => delete metadata['settings'], 'bad_metadata', /^settings: /],
    ['with an unknown setting', (metadata) => (metadata['settings'] = { ...(metadata['settings'] as object), more: 1 }), 'bad_metadata', /^settings\.more: /],
    ['with a wrong setting', (metadata) => (metadata['settings'] = { ...(metadata['settings'] as object), pooling: 'min' }), 'bad_metadata', /^settings\.pooling: /],
    ['with a label too many', (metadata) => (metadata['labels'] as string[]).push('x'), 'bad_metadata', /^spec\.inputs\.label: expected 4 ids, given 3$/],
    ['with a label twice', (metadata) => (metadata['labels'] = ['a', 'b', 'a']), 'bad_metadata', /^labels: /],
    ['with labels that are none', (metadata) => (metadata['labels'] = [1, 2, 3]), 'bad_metadata', /^labels\.0: /],
    ['with another kind of labels', (metadata) => (metadata['settings'] = { ...(metadata['settings'] as object), kind: 'multi' }), 'bad_metadata', /^spec\.inputs\.labels: expected 3/],
    ['with attention that its spec has not', (metadata) => (metadata['settings'] = { ...(metadata['settings'] as object), pooling: 'attention' }), 'bad_metadata', /^spec\.entries\.explain: missing$/],
    ['without words', (metadata) => delete metadata['words'], 'bad_metadata', /^words: vocabulary\.tokens/],
    ['without a report', (metadata) => delete metadata['report'], 'bad_metadata', /^report: /],
  ])('%s is refused', async (_, edit, code, message) => {
    await expect(Classifier.load(await edited(edit), { engine })).rejects.toMatchObject({
      name: 'ModelFileError', code, message: expect.stringMatching(message),
    });
  });

  test('of a tagger is none of a classifier, and the other way round', async () => {
    const bytes = await (await Classifier.train(training, quick)).save();
    await expect(Tagger.load(bytes, { engine })).rejects.toMatchObject({ code: 'wrong_kind', message: 'kind: expected a tagger, given "classifier"' });
  });

  test('that is torn is refused', async () => {
    const bytes = await (await Classifier.train(training, quick)).save();
    await expect(Classifier.load(bytes.subarray(0, bytes.length - 9), { engine })).rejects.toMatchObject({ name: 'ModelFileError' });
    await expect(Classifier.load(new Uint8Array(9), { engine })).rejects.toMatchObject({ name: 'ModelFileError' });
  });
});
