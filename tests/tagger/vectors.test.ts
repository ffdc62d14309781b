import { Tagger } from 'ostinato';
import { describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { small, training } from './sample.js';

const engine = await engineForFile();

/** A vector file over words of the sample, and others. */
const file = new Blob([
  ['lunch 1 0 0 0', 'ana 0 1 0 0', 'Oslo 0 0 1 0', 'oslo 9 9 9 9', 'elsewhere 0 0 0 1'].join('\n'),
]);
const { embeddingSize: _, ...sizes } = small;

/** A row of the word table. */
async function rowOf(tagger: Tagger, word: string): Promise<number[]> {
  const bytes = await tagger.toBytes();
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as { __metadata__: { words: string } };
  const id = (JSON.parse(header.__metadata__.words) as { tokens: string[] }).tokens.indexOf(word) + 2;
  const table = await tagger.model.parameter('embedding.weight');
  return [...table.slice(4 * id, 4 * id + 4)];
}

describe('pretrained vectors', () => {
  it('decide the size, and stay as they are when they are frozen', async () => {
    const tagger = await Tagger.train(training, { ...sizes, engine, vectors: file, freezeVectors: true, epochs: 2, lowercase: false });
    expect(tagger.settings.embeddingSize).toBe(4);
    expect(await rowOf(tagger, 'lunch')).toEqual([1, 0, 0, 0]);
    // A spelling without a vector of its own takes that of its lower case.
    expect(await rowOf(tagger, 'Ana')).toEqual([0, 1, 0, 0]);
    expect(await rowOf(tagger, 'Oslo')).toEqual([0, 0, 1, 0]);
    const others = await rowOf(tagger, 'with');
    expect(Math.max(...others.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(3 / 4));
    expect(new Set(others).size).toBe(4);
    tagger.dispose();
  });

  it('are trained on otherwise', async () => {
    const tagger = await Tagger.train(training, { ...sizes, engine, vectors: file, epochs: 2 });
    const row = await rowOf(tagger, 'lunch');
    expect(row).not.toEqual([1, 0, 0, 0]);
    row.forEach((value, index) => expect(Math.abs(value - (index === 0 ? 1 : 0))).toBeLessThan(0.5));
    tagger.dispose();
  });

  it('are read from a file, whose faults are told with their line', async () => {
    await expect(trainSmall(engine, { vectors: 'no/such/file.txt' })).rejects.toMatchObject({ code: 'unreadable' });
    const { embeddingSize: __, ...options } = { ...small, engine, vectors: new Blob(['lunch 1 2\nana 1 x\n']) };
    await expect(Tagger.train(training, options)).rejects.toMatchObject({ code: 'bad_vector', line: 2 });
    await expect(trainSmall(engine, { vectors: file })).rejects.toMatchObject({
      message: 'option embeddingSize: expected 4, the size of the vectors, given 16',
    });
  });
});
