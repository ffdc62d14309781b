// The data sets, as examples to train on and to test with.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdOut, readClassified } from '../../dist/index.js';

const TEST_SHARE = 0.1;
/** A label of sets that have many counts from so many examples on. */
const ENOUGH = 500;
/** Paragraphs that are read of a page; a few pages have hundreds. */
const PARAGRAPHS = 5;
/** Of so many one is enough: verses, and of them those to train on, */
const VERSES = 10;
const VERSES_TO_LEARN = 2;
/** packages to train on, */
const PACKAGES = 3;
/** reviews to train on. */
const REVIEWS = 4;

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

/** One of so many examples to train on, all to test with. */
function thinned({ train, test }, share) {
  return { train: train.filter((_, index) => index % share === 0), test };
}

/** The labels that training has enough of. */
function frequent({ train, test }) {
  const counts = new Map();
  for (const { label } of train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const known = ({ label }) => (counts.get(label) ?? 0) >= ENOUGH;
  return { train: train.filter(known), test: test.filter(known) };
}

/** Synopses of packages with their section. */
async function sections(dir) {
  const of = (part) =>
    read(join(dir, 'debian-descriptions', `${part}.tsv`), { format: 'tsv', header: false, labelColumn: 1, textColumn: 2 });
  return thinned(frequent({ train: await of('train'), test: await of('test') }), PACKAGES);
}

/** The first paragraphs of pages of an office suite's help, with the program they are about. All of a page stand in the same part. */
async function help(dir) {
  const pages = new Map();
  for (const line of await lines(join(dir, 'help-en-zh', 'pairs.tsv'))) {
    const [place, text] = line.split('\t');
    const [page] = place.split('#');
    pages.set(page, [...(pages.get(page) ?? []), { text, label: page.split('/')[1] }]);
  }
  const { train, test } = split([...pages.values()].map((paragraphs) => paragraphs.slice(0, PARAGRAPHS)));
  return frequent({ train: train.flat(), test: test.flat() });
}

/** Verses in the words of 1611 and of today. Both versions of a verse stand in the same part. */
async function verses(dir) {
  const pairs = (await lines(join(dir, 'bible-style', 'pairs.tsv'))).map((line) => line.split('\t'));
  const { train, test } = thinned(split(pairs.filter((_, index) => index % VERSES === 0)), VERSES_TO_LEARN);
  const both = ([, king, world]) => [{ text: king, label: 'king james' }, { text: world, label: 'world english' }];
  return { train: train.flatMap(both), test: test.flatMap(both) };
}

/** By name: reads a set, `{ train, test }`, from the folder of data sets. */
export const sets = {
  sst2: parts('sst2'),
  trec: parts('trec', { encoding: 'iso-8859-1' }),
  'zh-reviews': async (dir) => split(distinct(await reviews(dir))),
  'zh-reviews-lines': async (dir) => split(await reviews(dir)),
  'zh-reviews-part': async (dir) => thinned(split(distinct(await reviews(dir))), REVIEWS),
  'debian-sections': sections,
  'help-programs': help,
  'bible-style': verses,
};
