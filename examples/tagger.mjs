// Train a tagger, score it, use it, save it, and load it again:
//   node examples/tagger.mjs [number of examples]
import { createReadStream } from 'node:fs';
import { Tagger, readJsonl } from 'ostinato';

const calendar = new URL('calendar/', import.meta.url);

/** Reads labelled texts, as many as are wanted. */
async function read(name, most = Infinity) {
  const examples = [];
  for await (const example of readJsonl(createReadStream(new URL(name, calendar)), { name })) {
    if (examples.length >= most) break;
    examples.push(example);
  }
  return examples;
}

const examples = await read('train.jsonl', Number(process.argv[2] ?? 1500));

// A tenth of the examples is held out and says which epoch is the best; without options that is all there is to it.
const tagger = await Tagger.train(examples, {
  onProgress: ({ epoch, epochs, step, steps, loss, dev }) => {
    if (step === steps) console.log(`epoch ${epoch}/${epochs}: loss ${loss.toFixed(3)}, F1 ${dev.f1.toFixed(3)}`);
  },
});

const { f1, precision, recall } = await tagger.evaluate(await read('test.jsonl'));
console.log(`test: F1 ${f1.toFixed(3)}, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`);

const text = 'lunch with Ana tomorrow at noon. 明天下午三点和王芳在会议室开会。';
for (const { type, start, end, score } of await tagger.tag(text)) {
  console.log(`${type.padEnd(7)} ${text.slice(start, end)} (${score.toFixed(2)})`);
}

// Other ways to read the same text, with the probability of each as a whole.
const [best, second] = await tagger.nBest('call May in May', { n: 2 });
console.log(best.probability.toFixed(2), best.entities, second.probability.toFixed(2), second.entities);

// One file holds everything. `save('calendar.safetensors')` writes it; in a page, keep the bytes.
const bytes = await tagger.toBytes();
tagger.dispose();
const loaded = await Tagger.load(bytes);
console.log(`${bytes.length} bytes; still finds ${(await loaded.tag(text)).length} entities`);
loaded.dispose();
