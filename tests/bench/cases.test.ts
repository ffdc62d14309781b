import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compare, Paces } from '../../bench/run/compare.mjs';
import { coldStarts } from '../../bench/run/cold.mjs';
import { columns } from '../../bench/run/columns.mjs';
import { EnginePool } from '../../bench/run/engineProcess.mjs';
import { memoryOfTrainings } from '../../bench/run/memory.mjs';
import { cases, contents, expected, tables } from '../../bench/run/tasks.mjs';

// One engine, this library, in a process of its own as in a run of the bench; no rival is installed.
const hosts = { baseline: process.execPath, reasons: {} };
const chosen = columns.filter(({ id }) => id === 'baseline');
const pool = new EnginePool(hosts);
const setting = { pool, hosts, chosen, rounds: 1, quick: true, paces: new Paces() };
afterAll(() => pool.stop());

const tiny = { lstmForward: cases.tiny.lstm, lstmTraining: cases.tiny.lstm, gruForward: cases.tiny.gru, taggerTraining: cases.tiny.tagger, taggerDecode: cases.tiny.tagger, classifierTraining: cases.tiny.classifier, languageTraining: cases.tiny.language };
const rates = tables.filter(({ alone }) => !alone);

describe('the cases', () => {
  it('are all there at a tiny size', () => {
    expect(rates.map(({ task }) => task)).toEqual(Object.keys(tiny));
  });

  it.each(tables)('have an expected result each: $title', (table) => {
    for (const { name } of table.cases) expect(table.expected ?? expected[table.task][name]?.length).toBeTruthy();
  });

  it.each(rates)('give the expected result and a rate: $title', async (table) => {
    for (const sizes of tiny[table.task as keyof typeof tiny]) {
      const [figure] = await compare(table, sizes, setting);
      expect(figure).toMatchObject({ case: sizes.name, column: 'baseline', rounds: 1 });
      expect(figure).not.toHaveProperty('failed');
      expect(figure.median).toBeGreaterThan(0);
    }
  });

  it.each(tables.filter(({ alone }) => alone))('give the expected result and a time: $title', async (table) => {
    const sizes = table.task === 'taggerDecode' ? cases.tiny.tagger[0] : table.cases[0];
    const [figure] = await compare(table, sizes, setting);
    expect(figure).not.toHaveProperty('failed');
    expect(figure.most).toBeGreaterThanOrEqual(figure.median);
  });

  it('do not time what gives another result', async () => {
    const [table] = rates;
    const [sizes] = cases.tiny.lstm;
    const numbers = [...expected.lstmForward[sizes.name]];
    numbers[4] += 1e-3;
    const [figure] = await compare({ ...table, expected: numbers }, sizes, setting);
    expect(figure.failed).toMatch(/^wrong result: expected .* as result 4/);
    expect(figure).not.toHaveProperty('median');
  });

  it('leave out what would take too long', async () => {
    const paces = new Paces();
    paces.note(chosen[0], 'lstmForward', 1e9);
    const [figure] = await compare(rates[0], cases.tiny.lstm[0], { ...setting, paces });
    expect(figure.cannot).toMatch(/^left out: one run takes about \d+ s/);
  });

  it('read a corpus and train on it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ostinato-bench-test-'));
    const file = join(folder, 'train.bmes');
    writeFileSync(file, '高 B-NAME\n勇 E-NAME\n： O\n\n中 B-ORG\n国 E-ORG\n，  O\n人 S-CONT\n\n'.repeat(8));
    expect(contents(file)).toEqual([16, 56, 3]);
    expect(contents(file, 1)).toEqual([1, 3, 1]);
    const table = { task: 'corpusTraining', title: 'corpus', unit: 'tokens/s', patient: true, expected: contents(file) };
    const [figure] = await compare(table, { name: 'corpus', file }, setting);
    rmSync(folder, { recursive: true });
    expect(figure).not.toHaveProperty('failed');
    expect(figure.median).toBeGreaterThan(0);
  });

  it('start cold', async () => {
    const [figure] = await coldStarts(setting);
    expect(figure).toMatchObject({ column: 'baseline', task: 'coldStart' });
    expect(figure.median).toBeGreaterThan(0);
  });

  it('tell their memory', async () => {
    const figures = await memoryOfTrainings(setting);
    expect(figures.map(({ task }: { task: string }) => task)).toEqual(['taggerTraining', 'lstmTraining']);
    for (const { process: peak, wasm, needed } of figures) {
      expect(peak).toBeGreaterThan(wasm);
      expect(wasm).toBeGreaterThan(needed / 2);
    }
  });
});

describe('an engine in a process of its own', () => {
  it('says what it cannot do, and what its process said before it ended', async () => {
    const strange = { ...chosen[0], id: 'strange', engine: 'none' };
    const failing = new EnginePool(hosts);
    const [figure] = await compare(rates[0], cases.tiny.lstm[0], { ...setting, pool: failing, chosen: [strange] });
    failing.stop();
    expect(figure.failed).toContain('none.mjs');
  });

  it('stands as missing where its host is', async () => {
    const [figure] = await compare(rates[0], cases.tiny.lstm[0], {
      ...setting, chosen: columns.filter(({ id }) => id === 'pytorch'), hosts: { ...hosts, reasons: { python: 'there is none' } },
    });
    expect(figure).toMatchObject({ column: 'pytorch', cannot: 'there is none' });
  });
});
