// The data sets, as examples to train on and to test with.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdOut, readClassified } from '../../dist/index.js';

const TEST_SHARE = 0.1;
/** A section of packages counts from so many examples on. */
const SECTION = 500;
/** One verse of so many is enough. */
const VERSES = 10;

async function read(path, options) {
  const examples = [];
  for await (const example of readClassified(createReadStream(path), { name: path, ...options })) examples.push(example);
  return examples;
}

async function lines(path) {
  return (await readFile(path, 'utf8')).trimEnd().split('\n').map((line) => line.trim());
}

function split(examples) {
  const { train, heldOut: test } = holdOut(examples, { fraction: TEST_SHARE, seed: 1 });
  return { train, test };
}

/** A label and a text a line, in a file for each part. */
const parts = (folder, options) => async (dir) => ({
  train: await read(join(dir, folder, 'train.txt'), { format: 'lines', ...options }),
  test: await read(join(dir, folder, 'test.txt'), { format: 'lines', ...options }),
});

/** Reviews of two files, line by line. */
async function reviews(dir) {
  const of = async (label) => (await lines(join(dir, 'zh-reviews', `${label}.txt`))).map((text) => ({ text, label }));
  return [...(await of('pos')), ...(await of('neg'))];
}

/** Each text once; not those that have both labels. */
function distinct(examples) {
  const labels = new Map();
  for (const { text, label } of examples) labels.set(text, labels.has(text) && labels.get(text) !== label ? undefined : label);
  return [...labels].filter(([, label]) => label !== undefined).map(([text, label]) => ({ text, label }));
}

/** Synopses of packages with their section; the sections that training has enough of. */
async function sections(dir) {
  const of = (part) =>
    read(join(dir, 'debian-descriptions', `${part}.tsv`), { format: 'tsv', header: false, labelColumn: 1, textColumn: 2 });
  const [train, test] = [await of('train'), await of('test')];
  const counts = new Map();
  for (const { label } of train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const known = ({ label }) => (counts.get(label) ?? 0) >= SECTION;
  return { train: train.filter(known), test: test.filter(known) };
}

/** Every tenth verse in the words of 1611 and of today. Both versions of a verse stand in the same part. */
async function verses(dir) {
  const pairs = (await lines(join(dir, 'bible-style', 'pairs.tsv'))).map((line) => line.split('\t'));
  const { train, test } = split(pairs.filter((_, index) => index % VERSES === 0));
  const both = ([, king, world]) => [{ text: king, label: 'king james' }, { text: world, label: 'world english' }];
  return { train: train.flatMap(both), test: test.flatMap(both) };
}

/** By name: reads a set, `{ train, test }`, from the folder of data sets. */
export const sets = {
  sst2: parts('sst2'),
  trec: parts('trec', { encoding: 'iso-8859-1' }),
  'zh-reviews': async (dir) => split(distinct(await reviews(dir))),
  'zh-reviews-lines': async (dir) => split(await reviews(dir)),
  'debian-sections': sections,
  'bible-style': verses,
};
