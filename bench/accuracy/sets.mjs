// The data sets, as examples to train on and to test with.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdOut, readClassified } from '../../dist/index.js';

const TEST_SHARE = 0.1;
/** The same of small sets. */
const SMALL_TEST_SHARE = 0.2;
/** A label of sets that have many counts from so many examples on. */
const ENOUGH = 500;
/** Paragraphs that are read of a page; a few pages have hundreds. */
const PARAGRAPHS = 5;
/** Of so many verses one is enough. */
const VERSES = 10;
/** Characters of a short review. PyTorch's way back takes a time that grows with the square of a text's length. */
const SHORT = 60;

async function read(path, options) {
  const examples = [];
  for await (const example of readClassified(createReadStream(path), { name: path, ...options })) examples.push(example);
  return examples;
}

async function lines(path, encoding = 'utf8') {
  return (await readFile(path, encoding)).trimEnd().split('\n').map((line) => line.trim());
}

function split(examples, fraction = TEST_SHARE) {
  const { train, heldOut: test } = holdOut(examples, { fraction, seed: 1 });
  return { train, test };
}

/** A label and a text a line, in a file for each part. */
const parts = (train, test, options) => async (dir) => ({
  train: await read(join(dir, train), { format: 'lines', ...options }),
  test: await read(join(dir, test), { format: 'lines', ...options }),
});

/** A label and a text a line, in one file that names no test data; a line that has no text is left out. */
const whole = (file) => async (dir) => {
  const examples = (await lines(join(dir, file), 'latin1')).flatMap((line) => {
    const [, label, text] = /^(\S+) (.+)$/.exec(line) ?? [];
    return text === undefined ? [] : { label, text };
  });
  return split(distinct(examples), SMALL_TEST_SHARE);
};

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
  return frequent({ train: await of('train'), test: await of('test') });
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
  const { train, test } = split(pairs.filter((_, index) => index % VERSES === 0));
  const both = ([, king, world]) => [{ text: king, label: 'king james' }, { text: world, label: 'world english' }];
  return { train: train.flatMap(both), test: test.flatMap(both) };
}

/** By name: reads a set, `{ train, test }`, from the folder of data sets. */
export const sets = {
  sst2: parts('sst2/train.txt', 'sst2/test.txt'),
  trec: parts('trec/train.txt', 'trec/test.txt', { encoding: 'iso-8859-1' }),
  sst5: parts('sent-conv/stsa.fine.train', 'sent-conv/stsa.fine.test'),
  'movie-reviews': whole('sent-conv/rt-polarity.all'),
  'customer-reviews': whole('sent-conv/custrev.all'),
  mpqa: whole('sent-conv/mpqa.all'),
  subjectivity: whole('sent-conv/subj.all'),
  'zh-reviews': async (dir) => split(distinct(await reviews(dir))),
  'zh-reviews-lines': async (dir) => split(await reviews(dir)),
  'zh-reviews-short': async (dir) => split(distinct(await reviews(dir)).filter(({ text }) => text.length <= SHORT)),
  'debian-sections': sections,
  'help-programs': help,
  'bible-style': verses,
};
