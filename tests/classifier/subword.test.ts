import { Classifier, loadModelFile, ModelFileError, saveModelFile, trainBpe, trainUnigram, trainWordLevel, trainWordPiece, type SubwordTokenizer } from 'ostinato';
import { describe, expect, test } from 'vitest';
import { engineForFile, small, test as unseen, training } from './sample.js';

const engine = await engineForFile();
const corpus = training.map(({ text }) => text);

describe.each<[string, () => Promise<SubwordTokenizer>]>([
  ['byte pair encoding', () => trainBpe(corpus, { vocabSize: 350 })],
  ['WordPiece', () => trainWordPiece(corpus, { vocabSize: 120 })],
  ['unigram', () => trainUnigram(corpus, { vocabSize: 120 })],
  ['whole words', () => trainWordLevel(corpus)],
])('a classifier on pieces of %s', (_, train) => {
  test('learns, and its file holds the tokenizer', async () => {
    const tokenizer = await train();
    const classifier = await Classifier.train(training, { ...small, engine, tokenizer: tokenizer.config });
    expect((await classifier.evaluate(unseen)).accuracy).toBeGreaterThan(0.9);
    const read = await Classifier.load(await classifier.toBytes(), { engine });
    expect(read.settings.tokenizer).toEqual(tokenizer.config);
    const texts = ['', ' ', '🍜', ...unseen.map(({ text }) => text)];
    expect(read.classifyBatchSync(texts)).toEqual(classifier.classifyBatchSync(texts));
  });
});

test('a file whose tokenizer is damaged is refused by name', async () => {
  const tokenizer = await trainBpe(corpus, { vocabSize: 300 });
  const classifier = await Classifier.train(training, { ...small, engine, epochs: 1, tokenizer: tokenizer.config });
  const { model, metadata } = await loadModelFile(await classifier.toBytes(), { engine });
  const copy = structuredClone(metadata) as { settings: { tokenizer: { tokenizer: { model: { merges: unknown[] } } } } };
  copy.settings.tokenizer.tokenizer.model.merges[0] = 7;
  const damaged = await saveModelFile(model, copy as unknown as typeof metadata);
  const loading = Classifier.load(damaged, { engine });
  await expect(loading).rejects.toThrow(ModelFileError);
  await expect(loading).rejects.toThrow('tokenizer model.merges[0]: expected two pieces, given 7');
});
