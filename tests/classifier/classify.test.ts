import { Classifier } from 'ostinato';
import { describe, expect, test } from 'vitest';
import { engineForFile, small, test as unseen, training } from './sample.js';

const engine = await engineForFile();
const classifier = await Classifier.train(training, { ...small, engine, pooling: 'attention', maxTokens: 12 });
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('classify', () => {
  test('gives every label, the most probable first, with scores that sum to one', async () => {
    for (const { text } of unseen.slice(0, 10)) {
      const { label, score, labels } = await classifier.classify(text);
      expect(labels[0]).toEqual({ label, score });
      expect(labels.map((each) => each.label).sort()).toEqual(['animal', 'meal', 'tool']);
      expect([...labels].sort((a, b) => b.score - a.score)).toEqual(labels);
      expect(sum(labels.map((each) => each.score))).toBeCloseTo(1, 5);
    }
  });

  test('takes tokens as it takes a text', () => {
    expect(classifier.classifySync(['cat', 'or', 'dog', '?'])).toEqual(classifier.classifySync('cat or dog ?'));
  });

  test.each(['', ' \n', '\u200b'])('takes a text without a token as one unknown word: %j', (blank) => {
    expect(classifier.classifySync(blank)).toEqual(classifier.classifySync('zyxw'));
    expect(classifier.classifySync([])).toEqual(classifier.classifySync('zyxw'));
  });

  test('reads no more than it is to', () => {
    const start = 'a b c d e f g h i j k l';
    expect(classifier.classifySync(`${start} cat cat cat`)).toEqual(classifier.classifySync(start));
    expect(classifier.classifySync(`cat ${start}`)).not.toEqual(classifier.classifySync(start));
  });

  test.each([[42], [null], [{ text: 'a' }]])('refuses %j', async (input) => {
    await expect(classifier.classify(input as unknown as string)).rejects.toMatchObject({ code: 'bad_input' });
    await expect(classifier.classifyBatch(input as unknown as string[])).rejects.toMatchObject({ code: 'bad_option' });
    expect(() => classifier.classifyBatchSync(['a', input as unknown as string])).toThrow(expect.objectContaining({ code: 'bad_input' }));
  });

  test('refuses an empty token', () => {
    expect(() => classifier.classifySync(['a', ''])).toThrow('token 1: expected a string that is not empty, given ""');
  });
});

describe('classifyBatch', () => {
  test('gives what each text gets alone, in their order', async () => {
    const texts = [...unseen.map(({ text }) => text), '', 'cat '.repeat(30)];
    const batch = await classifier.classifyBatch(texts);
    expect(batch).toEqual(classifier.classifyBatchSync(texts));
    batch.forEach(({ label, score }, at) => {
      const alone = classifier.classifySync(texts[at] as string);
      expect(label).toBe(alone.label);
      expect(score).toBeCloseTo(alone.score, 5);
    });
    expect(await classifier.classifyBatch([])).toEqual([]);
  });

  test('stops when it is told to', async () => {
    await expect(classifier.classifyBatch(['a'], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('classifyStream', () => {
  test('gives one result a text, in their order', async () => {
    const texts = Array.from({ length: 150 }, (_, at) => (unseen[at % unseen.length] as { text: string }).text);
    const labels: string[] = [];
    for await (const { label } of classifier.classifyStream(texts)) labels.push(label);
    expect(labels).toEqual(classifier.classifyBatchSync(texts).map(({ label }) => label));
  });

  test('answers while the source is still open, and reads no more than it is asked for', async () => {
    let made = 0;
    async function* endless() {
      for (;;) {
        made += 1;
        yield 'cat or dog ?';
      }
    }
    for await (const { label } of classifier.classifyStream(endless())) {
      expect(label).toBe('animal');
      break;
    }
    expect(made).toBeLessThan(70);
    const source = (async function* () {
      yield 'saw or vice ?';
      await new Promise(() => undefined);
    })();
    expect(await classifier.classifyStream(source).next()).toMatchObject({ done: false, value: { label: 'tool' } });
  });

  test('stops when it is told to, and passes failures on', async () => {
    const stopped = classifier.classifyStream(['a'], { signal: AbortSignal.abort() });
    await expect(stopped.next()).rejects.toMatchObject({ code: 'cancelled' });
    await expect(classifier.classifyStream([7 as unknown as string]).next()).rejects.toMatchObject({ code: 'bad_input' });
  });

  test.each([['cat'], [7], [null]])('refuses %j, which is not one text after another', async (texts) => {
    await expect(classifier.classifyStream(texts as unknown as string[]).next()).rejects.toMatchObject({
      name: 'UsageError', code: 'bad_input', message: `expected an array or an async iterable of texts, given ${JSON.stringify(texts)}`,
    });
  });
});

describe('explain', () => {
  test('weighs the tokens where they stand', async () => {
    const text = '  we have seen a trout , then one wren';
    const { label, score, labels, tokens } = await classifier.explain(text);
    expect({ label, labels }).toEqual({ label: 'animal', labels: classifier.classifySync(text).labels });
    expect(score).toBe(labels[0]?.score);
    for (const { text: token, start, end } of tokens) expect(text.slice(start, end)).toBe(token);
    expect(tokens).toHaveLength(9);
    expect(sum(tokens.map(({ weight }) => weight))).toBeCloseTo(1, 5);
    expect(Math.min(...tokens.map(({ weight }) => weight))).toBeGreaterThanOrEqual(0);
    const [first] = [...tokens].sort((a, b) => b.weight - a.weight);
    expect(['trout', 'wren']).toContain(first?.text);
  });

  test('numbers tokens that are given, leaves out those that are not read, and takes a text of none', () => {
    const { tokens } = classifier.explainSync(Array(20).fill('cat'));
    expect(tokens.map(({ start, end }) => [start, end])).toEqual(Array.from({ length: 12 }, (_, at) => [at, at + 1]));
    expect(classifier.explainSync('').tokens).toEqual([]);
  });

  test('says what it needs', async () => {
    const other = await Classifier.train(training, { ...small, engine, epochs: 1 });
    await expect(other.explain('a')).rejects.toMatchObject({
      name: 'UnsupportedError', code: 'no_attention', message: "explain needs a classifier with pooling: 'attention'; this one has max",
    });
  });
});

test('a classifier that was disposed of says so', async () => {
  const gone = await Classifier.train(training, { ...small, engine, epochs: 1 });
  gone.dispose();
  gone.dispose();
  expect(gone.disposed).toBe(true);
  expect(() => gone.classifySync('a')).toThrow('this Classifier has been disposed of');
  await expect(gone.fit(training)).rejects.toMatchObject({ code: 'disposed' });
  await expect(gone.classifyStream(['a']).next()).rejects.toMatchObject({ code: 'disposed' });
  await expect(gone.save()).rejects.toMatchObject({ code: 'disposed' });
});
