import { Tagger } from 'ostinato';
import { describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { small, training } from './sample.js';

const engine = await engineForFile();
const tagger = await trainSmall(engine, { seed: 3 });

describe('offsets', () => {
  it('count UTF-16 units, behind emoji and Chinese too', async () => {
    const text = '🍜🍜 王芳说 lunch with Ana in Porto 👩‍👩‍👧 。 call Bruno before the flight to Lima';
    const entities = await tagger.tag(text);
    expect(entities.map(({ text: covered }) => covered)).toEqual(['Ana', 'Porto', 'Bruno', 'Lima']);
    for (const { start, end, text: covered } of entities) expect(text.slice(start, end)).toBe(covered);
  });

  it('are those of Chinese characters in a Chinese text', async () => {
    const people = ['王芳', '李明', '张伟', '刘洋'];
    const examples = people.flatMap((person) => [
      { text: `明天和${person}开会`, entities: [{ type: 'PERSON', text: person }] },
      { text: `请提醒${person}，下午三点`, entities: [{ type: 'PERSON', text: person }] },
      { text: `${person}今天不来`, entities: [{ type: 'PERSON', text: person }] },
    ]);
    const chinese = await Tagger.train(examples, { ...small, engine, epochs: 40, patience: 40 });
    expect(chinese.settings.characters).toBe('none');
    expect(await chinese.tag('🎉请提醒张伟，下午三点')).toMatchObject([{ type: 'PERSON', start: 5, end: 7, text: '张伟' }]);
    chinese.dispose();
  });

  it('count tokens when tokens are given', async () => {
    const tokens = ['call', 'Chen', 'Wei', 'before', 'the', 'flight', 'to', 'Santa', 'Fe'];
    const entities = await tagger.tag(tokens);
    expect(entities).toMatchObject([
      { type: 'PERSON', start: 1, end: 3, text: 'Chen Wei' },
      { type: 'PLACE', start: 7, end: 9, text: 'Santa Fe' },
    ]);
    const spaced = await tagger.tag(tokens.join(' '));
    expect(spaced.map(({ score }) => score)).toEqual(entities.map(({ score }) => score));
  });
});

describe('long documents', () => {
  const sentences = Array.from({ length: 400 }, (_, index) => training[(index * 13) % training.length]?.text ?? '');

  it('are tagged as their sentences are, with offsets of the document', async () => {
    const text = sentences.join('\n');
    const entities = await tagger.tag(text);
    const alone = await tagger.tagBatch(sentences);
    let offset = 0;
    const expected = sentences.flatMap((sentence, index) => {
      const shifted = (alone[index] ?? []).map((entity) => ({ ...entity, start: entity.start + offset, end: entity.end + offset }));
      offset += sentence.length + 1;
      return shifted;
    });
    expect(entities).toEqual(expected);
    expect(entities.length).toBeGreaterThan(400);
    expect(text.slice(entities.at(-1)?.start, entities.at(-1)?.end)).toBe(entities.at(-1)?.text);
  });

  it('lose nothing where no sentence ends', async () => {
    // 60,000 tokens without a full stop; an entity every ten tokens, up to the last.
    const text = 'call Bruno before the flight to Lima , and then '.repeat(6000);
    const entities = await tagger.tag(text);
    for (const { start, end, text: covered } of entities) expect(text.slice(start, end)).toBe(covered);
    expect(entities.filter(({ type }) => type === 'PERSON').length).toBeGreaterThan(5900);
    expect(entities.at(-1)?.start).toBeGreaterThan(text.length - 60);
  });

  it('may be tokens, too', async () => {
    const tokens = sentences.join(' , ').split(' ');
    const entities = await tagger.tag(tokens);
    expect(entities.at(-1)?.end).toBeGreaterThan(tokens.length - 10);
    for (const { start, end, text } of entities) expect(tokens.slice(start, end).join(' ')).toBe(text);
    const { probabilities, tags } = await tagger.marginals(tokens);
    for (let t = 0; t < tokens.length; t += 97) {
      const row = probabilities.subarray(t * tags.length, (t + 1) * tags.length);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    }
  });

  it('leave the event loop its turns when there are many', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await tagger.tagBatch(Array.from({ length: 20 }, () => sentences.join('\n')));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const tagging = tagger.tagBatch(Array.from({ length: 50 }, () => sentences.join('\n')), { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await expect(tagging).rejects.toMatchObject({ name: 'CancelledError', code: 'cancelled' });
  });
});

describe('batches', () => {
  const inputs = ['', 'lunch with Ana in Porto', ['Goran', 'comes', 'from', 'Ulm', 'today'], ' \n', [], 'nothing happens'];

  it('give for each input what it gives alone, empty ones too', async () => {
    const together = await tagger.tagBatch(inputs);
    expect(together.map((entities) => entities.length)).toEqual([0, 2, 2, 0, 0, 0]);
    for (const [index, input] of inputs.entries()) expect(await tagger.tag(input)).toEqual(together[index]);
  });

  it('come at once from the methods with Sync', async () => {
    expect(tagger.tagBatchSync(inputs)).toEqual(await tagger.tagBatch(inputs));
    const text = 'lunch with Ana in Porto';
    expect(tagger.tagSync(text)).toEqual(await tagger.tag(text));
    expect(tagger.marginalsSync(text)).toEqual(await tagger.marginals(text));
    expect(tagger.nBestSync(text)).toEqual(await tagger.nBest(text));
    expect(await tagger.nBest(text)).toHaveLength(5);
  });

  it('refuse what is no text', async () => {
    await expect(tagger.tag(7 as unknown as string)).rejects.toMatchObject({ name: 'UsageError', code: 'bad_input' });
    await expect(tagger.tagBatch('text' as unknown as [])).rejects.toMatchObject({ code: 'bad_option' });
    await expect(tagger.nBest('a', { n: 0 })).rejects.toMatchObject({ message: 'option n: expected a whole number from 1 to 1000, given 0' });
    await expect(tagger.nBest('a', { n: 1001 })).rejects.toMatchObject({ code: 'bad_option' });
  });
});
