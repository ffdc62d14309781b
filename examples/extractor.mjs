// From requests to records: what is wanted, with whom, when and where.
//   node examples/extractor.mjs [number of examples] [epochs]
import { createReadStream } from 'node:fs';
import { Extractor, readRequests } from 'ostinato';
import { dayOf, timeOf } from './calendar/when.mjs';

const calendar = new URL('calendar/', import.meta.url);

/** Reads requests, as many as are wanted. */
async function read(name, most = Infinity) {
  const examples = [];
  for await (const example of readRequests(createReadStream(new URL(name, calendar)), { name })) {
    if (examples.length >= most) break;
    examples.push(example);
  }
  return examples;
}

const [most, epochs] = process.argv.slice(2).map(Number);

// A record has arrays, unless a slot is said to have one value; functions of your own make values of the words.
const extractor = await Extractor.train(await read('train.jsonl', most), {
  slots: { TITLE: 'one', PLACE: 'one' },
  normalisers: { DATE: (text) => dayOf(text) ?? text, TIME: (text) => timeOf(text) ?? text },
  ...(epochs === undefined ? {} : { epochs }),
  onProgress: ({ epoch, epochs, step, steps, losses, dev }) => {
    if (step !== steps) return;
    const loss = Object.entries(losses).map(([task, value]) => `${task} ${value.toFixed(3)}`).join(', ');
    console.log(`epoch ${epoch}/${epochs}: loss of ${loss}; whole records ${dev.recordAccuracy.toFixed(3)}`);
  },
});

const { intentAccuracy, slotF1, recordAccuracy, intents } = await extractor.evaluate(await read('test.jsonl'));
console.log(`test: intents ${intentAccuracy.toFixed(3)}, slot F1 ${slotF1.toFixed(3)}, whole records ${recordAccuracy.toFixed(3)}`);
console.log(`which intent was taken for which, a row for each true one: ${intents.confusion.labels.join(', ')}`);
for (const row of intents.confusion.counts) console.log(row.map((count) => String(count).padStart(5)).join(''));

const requests = ['lunch with Ana tomorrow at noon at Blue Cafe', 'move the call with Bruno to next Friday, 3 pm', '明天下午三点和王芳开会'];
for (const [index, { intent, score, record }] of (await extractor.extractBatch(requests)).entries()) {
  console.log(`${requests[index]}\n  ${intent} (${score.toFixed(2)}) ${JSON.stringify(record)}`);
}
extractor.dispose();
