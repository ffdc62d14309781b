// What an extractor makes of the hand-written calendar requests, after training on the others:
//   node bench/accuracy/calendar.mjs [--seeds 5] [--options '{"dropout":0.3}']
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { createEngine, Extractor, readRequests } from '../../dist/index.js';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '5' }, options: { type: 'string', default: '{}' } } });
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
const given = JSON.parse(values.options);

async function read(name) {
  const requests = [];
  const path = new URL(`../../examples/calendar/${name}`, import.meta.url);
  for await (const request of readRequests(createReadStream(path), { name })) requests.push(request);
  return requests;
}

const [train, test] = [await read('train.jsonl'), await read('test.jsonl')];
const isChinese = ({ text }) => /\p{Script=Han}/u.test(text);
const parts = { all: test, en: test.filter((request) => !isChinese(request)), zh: test.filter(isChinese) };
const percent = (rate) => `${(100 * rate).toFixed(1)} %`;
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

const rows = [];
const confusions = [];
for (const seed of seeds) {
  const engine = await createEngine();
  const extractor = await Extractor.train(train, { ...given, seed, engine });
  const { epochs, bestEpoch, seconds, dev } = extractor.report;
  for (const [part, requests] of Object.entries(parts)) {
    const scores = await extractor.evaluate(requests);
    rows.push({ part, ...scores });
    if (part === 'all') confusions.push(scores.intents.confusion);
  }
  const { intentAccuracy, slotF1, recordAccuracy } = rows.findLast(({ part }) => part === 'all');
  console.log(
    `seed ${seed}: intents ${percent(intentAccuracy)}, slot F1 ${percent(slotF1)}, whole records ${percent(recordAccuracy)}; ` +
      `${seconds.toFixed(0)} s, ${epochs.length} epochs, ${bestEpoch} kept, held out ${percent(dev.scores.recordAccuracy)}`,
  );
  engine.dispose();
}

console.log(`\nmeans of ${seeds.length} seeds, test.jsonl\n\n| | requests | intents | slot F1 | whole records |\n|---|---|---|---|---|`);
for (const [part, requests] of Object.entries(parts)) {
  const own = rows.filter((row) => row.part === part);
  const cells = ['intentAccuracy', 'slotF1', 'recordAccuracy'].map((name) => percent(mean(own.map((row) => row[name]))));
  console.log(`| ${part} | ${requests.length} | ${cells.join(' | ')} |`);
}

console.log('\n| type | precision | recall | F1 |\n|---|---|---|---|');
for (const { type } of rows[0].slots.types) {
  const own = rows.filter(({ part }) => part === 'all').map(({ slots }) => slots.types.find((score) => score.type === type));
  console.log(`| ${type} | ${['precision', 'recall', 'f1'].map((name) => percent(mean(own.map((score) => score[name])))).join(' | ')} |`);
}

const [{ labels }] = confusions;
console.log(`\nintents over all seeds, a row for each true one\n\n| | ${labels.join(' | ')} |\n|---|${'---|'.repeat(labels.length)}`);
labels.forEach((label, row) => {
  const counts = labels.map((_, column) => confusions.reduce((sum, confusion) => sum + confusion.counts[row][column], 0));
  console.log(`| ${label} | ${counts.join(' | ')} |`);
});
