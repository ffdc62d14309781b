import { Tagger, trainBpe, trainUnigram, trainWordPiece, type SubwordTokenizer } from 'ostinato';
import { describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { test, training } from './sample.js';

const engine = await engineForFile();
const corpus = training.map(({ text }) => text);

describe.each<[string, () => Promise<SubwordTokenizer>]>([
  ['byte pair encoding', () => trainBpe(corpus, { vocabSize: 400 })],
  ['WordPiece', () => trainWordPiece(corpus, { vocabSize: 200 })],
  ['unigram', () => trainUnigram(corpus, { vocabSize: 200 })],
])('a tagger on pieces of %s', (_, train) => {
  it('learns, and its file holds the tokenizer', async () => {
    const tokenizer = await train();
    const tagger = await trainSmall(engine, { epochs: 12, tokenizer: tokenizer.config });
    expect(tagger.settings.tokenizer).toEqual(tokenizer.config);
    expect((await tagger.evaluate(test)).f1).toBeGreaterThan(0.8);

    const loaded = await Tagger.load(await tagger.toBytes(), { engine });
    const texts = test.map(({ text }) => text);
    const found = await tagger.tagBatch(texts);
    expect(await loaded.tagBatch(texts)).toEqual(found);
    found.forEach((entities, index) => {
      for (const { text, start, end } of entities) expect(texts[index]?.slice(start, end)).toBe(text);
    });
    tagger.dispose();
    loaded.dispose();
  });
});
