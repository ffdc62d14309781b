import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { accuracyTable, figuresOf, merged } from '../../bench/accuracy/figures.mjs';
import { sets } from '../../bench/accuracy/sets.mjs';
import { optionsOf, trainAndTest, vote } from '../../bench/accuracy/train.mjs';
import { MODEL_OPTIONS, LEARNING_OPTIONS } from '../../ts/src/models/classifier/options.js';
import { checkOptions } from '../../ts/src/models/option.js';
import { createEngine } from '../../dist/index.js';

const folder = mkdtempSync(join(tmpdir(), 'ostinato-accuracy-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`, 'latin1');
}

const file = JSON.parse(readFileSync(new URL('../../bench/accuracy/cases.json', import.meta.url), 'utf8'));

describe('the cases', () => {
  it('name sets that there are, once each, and options that there are', () => {
    const names = file.cases.map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const one of file.cases) {
      expect(Object.keys(sets)).toContain(one.data);
      const options = optionsOf(one, file, 3);
      checkOptions(options, { ...MODEL_OPTIONS, ...LEARNING_OPTIONS });
      expect(options).toMatchObject({ holdOut: 0, seed: 3, ...one.options });
      one.variants?.forEach((_: unknown, member: number) => checkOptions(optionsOf(one, file, 3, member), { ...MODEL_OPTIONS, ...LEARNING_OPTIONS }));
    }
  });
});

describe('the options of a case', () => {
  it('are those of the variants in turn, one a member', () => {
    const one = { twin: false, options: { epochs: 2, cell: 'lstm' }, variants: [{}, { cell: 'gru' }] };
    expect([0, 1, 2].map((member) => optionsOf(one, file, 5, member).cell)).toEqual(['lstm', 'gru', 'lstm']);
    expect(optionsOf(one, file, 5, 1)).toEqual({ epochs: 2, cell: 'gru', holdOut: 0, seed: 5 });
  });
});

describe('the sets', () => {
  it('read a label and a text a line, in the encoding of the set', async () => {
    for (const part of ['train', 'test']) write(`trec/${part}.txt`, ['3 Who was Ren\u00e9 ?', '5 How far ?']);
    expect((await sets.trec(folder)).test).toMatchObject([{ label: '3', text: 'Who was René ?' }, { label: '5', text: 'How far ?' }]);
  });

  it('part distinct reviews, of which none has both labels', async () => {
    const good = Array.from({ length: 12 }, (_, i) => `good ${i}`);
    const bad = Array.from({ length: 8 }, (_, i) => `bad ${i}`);
    write('zh-reviews/pos.txt', [...good, ...good, 'both']);
    write('zh-reviews/neg.txt', [...bad, 'both', 'bad 0 ']);
    const { train, test } = await sets['zh-reviews'](folder);
    const texts = [...train, ...test].map(({ text }) => text);
    expect(texts.sort()).toEqual([...good, ...bad].sort());
    expect(test).toHaveLength(2);
    for (const { text, label } of [...train, ...test]) expect(text.startsWith('good')).toBe(label === 'pos');
    const byLine = await sets['zh-reviews-lines'](folder);
    expect([byLine.train.length, byLine.test.length]).toEqual([31, 4]);
  });

  it('keep short reviews, a tenth of them to test with', async () => {
    write('zh-reviews/pos.txt', Array.from({ length: 10 }, (_, i) => String(i).padStart(60, '+')));
    write('zh-reviews/neg.txt', Array.from({ length: 10 }, (_, i) => [String(i).padStart(60, '-'), String(i).padStart(61, '-')]).flat());
    const { train, test } = await sets['zh-reviews-short'](folder);
    expect([train.length, test.length]).toEqual([18, 2]);
    for (const { text } of [...train, ...test]) expect(text).toHaveLength(60);
  });

  it('part what one file has, each text once, without lines that have no text', async () => {
    write('sent-conv/custrev.all', ['0 bad , ren\u00e9', '1 good', '0 ', '1 good', ...Array.from({ length: 8 }, (_, i) => `1 good ${i}`)]);
    const { train, test } = await sets['customer-reviews'](folder);
    expect([train.length, test.length]).toEqual([8, 2]);
    expect([...train, ...test]).toContainEqual({ label: '0', text: 'bad , ren\u00e9' });
  });

  it('keep sections that training has enough of', async () => {
    write('debian-descriptions/train.tsv', [...Array<string>(500).fill('a\tgames\ta game\tIt is.'), ...Array<string>(499).fill('b\tnews\ta "paper\tIt is.')]);
    write('debian-descriptions/test.tsv', ['c\tnews\tanother paper\tIt is.', 'd\tgames\tanother game\tIt is.']);
    const { train, test } = await sets['debian-sections'](folder);
    expect(train).toHaveLength(500);
    expect(test).toMatchObject([{ text: 'another game', label: 'games' }]);
  });

  it('keep the first paragraphs of a page together, with the program it is about', async () => {
    const page = (name: string) => Array.from({ length: 25 }, (_, i) => `text/${name}#p${i}\tIn ${name}\t\u5728`);
    write('help-en-zh/pairs.tsv', Array.from({ length: 120 }, (_, i) => page(`calc/${i}.html`)).flat());
    const { train, test } = await sets['help-programs'](folder);
    expect([train.length, test.length]).toEqual([540, 60]);
    expect(new Set(test.map(({ text }: { text: string }) => text)).size).toBe(12);
    for (const { label } of [...train, ...test]) expect(label).toBe('calc');
  });

  it('keep both versions of a verse together', async () => {
    write('bible-style/pairs.tsv', Array.from({ length: 300 }, (_, i) => `nt.${i}\tthou ${i}\tyou ${i}`));
    const { train, test } = await sets['bible-style'](folder);
    expect([train.length, test.length]).toEqual([54, 6]);
    const verses = test.map(({ text }: { text: string }) => text.split(' ')[1]);
    expect(new Set(verses).size).toBe(3);
    expect(test.slice(0, 2)).toEqual([{ text: `thou ${verses[0]}`, label: 'king james' }, { text: `you ${verses[0]}`, label: 'world english' }]);
  });
});

describe('classifiers', () => {
  it('are trained on one part and count what they get right of the other', async () => {
    const owls = ['an owl', 'one owl', 'the owl', 'owl here', 'this owl'].map((text) => ({ text, label: 'bird' }));
    const saws = ['a saw', 'one saw', 'the saw', 'saw here', 'this saw'].map((text) => ({ text, label: 'tool' }));
    const train = [...owls, ...saws];
    // What is labelled wrong here is what it cannot get right.
    const test = [...train, ...owls.map(({ text }) => ({ text, label: 'tool' }))];
    const engine = await createEngine({ variant: 'baseline' });
    const options = { embeddingSize: 16, hiddenSize: 8, epochs: 30, learningRate: 0.02, dropout: 0, minCount: 1 };
    const { accuracy, seconds } = await trainAndTest({ options, members: 2 }, file, { train, test }, 1, engine);
    engine.dispose();
    expect(accuracy).toBeCloseTo(10 / 15);
    expect(seconds).toBeGreaterThan(0);
  });

  it('vote by their scores', () => {
    const says = (a: number) => ({ labels: [{ label: 'a', score: a }, { label: 'b', score: 1 - a }] });
    expect(vote([says(0.9), says(0.4), says(0.4)])).toBe('a');
    expect(vote([says(0.6), says(0.1)])).toBe('b');
  });
});

describe('the table', () => {
  const cases = [{ name: 'one', title: 'One', seeds: 2, twin: true, goal: 0.8 }, { name: 'two', title: 'Two', seeds: 1 }];
  const results = [
    { name: 'one', train: 1000, test: 10, runs: [{ accuracy: 0.7, seconds: 3, twin: { accuracy: 0.8, seconds: 9 } }, { accuracy: 0.8, seconds: 4, twin: { accuracy: 0.9, seconds: 9 } }] },
    { name: 'two', train: 10, test: 1, runs: [{ accuracy: 1, seconds: 12 }] },
  ];

  it('has means with their spread, and whether goals are met', () => {
    expect(accuracyTable(figuresOf(cases, results)).split('\n').slice(2)).toEqual([
      "| One | the twin's | 1,000 / 10 | 2 | 75.0 (70.0–80.0) | 85.0 (80.0–90.0) | ≥ 80 | no | 4 |",
      '| Two | its own | 10 / 1 | 1 | 100.0 |  |  |  | 12 |',
    ]);
  });

  it('tells how many seeds the twin has where they are fewer', () => {
    const runs = [0.7, 0.8, 0.9].map((accuracy, run) => ({ accuracy, seconds: 3, ...(run < 2 ? { twin: { accuracy, seconds: 9 } } : {}) }));
    const table = accuracyTable(figuresOf([{ name: 'one', title: 'One', seeds: 3, twin: true }], [{ name: 'one', train: 10, test: 10, runs }]));
    expect(table).toContain('| 3 | 80.0 (70.0–90.0) | 75.0 (70.0–80.0), 2 seeds |');
  });

  it('keeps what earlier runs found of the other cases', () => {
    const [one, two] = results;
    const again = { ...one, test: 11 };
    expect(merged(cases, [two, one, { name: 'gone' }], [again])).toEqual([again, two]);
  });
});
