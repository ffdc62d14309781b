#!/usr/bin/env node
/**
 * Writes `train.jsonl` (grammar + hand-written) and `test.jsonl` (hand-written) beside this file.
 *
 *   node examples/calendar/generate.mjs            writes both files and the counts in README.md
 *   node examples/calendar/generate.mjs --check    changes nothing; exits 1 and says why when a file is not what it should be
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { faultsOfFile, leaksOf, shortfalls } from './grammar/check.mjs';
import { countsTable } from './grammar/counts.mjs';
import { generate } from './grammar/generate.mjs';
import { Random } from './grammar/random.mjs';
import { lineOf, parseHandwritten } from './grammar/sentence.mjs';

const SEED = 20250601;

const at = (name) => new URL(name, import.meta.url);
const read = (name) => readFileSync(at(name), 'utf8');
const jsonl = (sentences) => sentences.map((sentence) => `${lineOf(sentence)}\n`).join('');

const handwritten = parseHandwritten(read('handwritten/train.txt'));
const test = parseHandwritten(read('handwritten/test.txt'));
const generated = generate(SEED, handwritten, test);
const train = new Random(SEED).shuffle([...generated, ...handwritten]);

const counts = countsTable([{ name: 'train', sentences: train }, { name: 'test', sentences: test }]);
const readme = read('README.md').replace(/(?<=<!-- counts: [^\n]*-->\n)[\s\S]*?(?=<!-- end of counts -->)/, () => `\n${counts}\n\n`);
const files = { 'train.jsonl': jsonl(train), 'test.jsonl': jsonl(test), 'README.md': readme };

const faults = [
  ...(readme.includes(counts) ? [] : ['README.md: there is no place for the counts']),
  ...faultsOfFile('train.jsonl', train),
  ...faultsOfFile('test.jsonl', test),
  ...leaksOf(test, train),
  ...shortfalls('generated', generated, { sentences: 1800, ofEachIntent: 150, ofEachType: 300 }),
  ...shortfalls('handwritten/train.txt', handwritten, { sentences: 250, ofEachIntent: 20, ofEachType: 60 }),
  ...shortfalls('test.jsonl', test, { sentences: 200, ofEachIntent: 15, ofEachType: 60 }),
];

if (process.argv.includes('--check')) {
  for (const [name, content] of Object.entries(files)) {
    if (read(name) !== content) faults.push(`${name} is not what the grammar and the hand-written sentences give; run generate.mjs`);
  }
} else {
  for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
}

for (const fault of faults) console.error(fault);
console.log(`train ${train.length} (${generated.length} from the grammar, ${handwritten.length} by hand), test ${test.length}, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
