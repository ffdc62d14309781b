// Train a classifier of intents: which of five things does a request to a calendar want?
//   node examples/classifier.mjs [number of examples]
import { readFile } from 'node:fs/promises';
import { Classifier } from 'ostinato';

/** Requests with their intents, as many as are wanted. */
async function read(name, most) {
  const lines = (await readFile(new URL(`calendar/${name}`, import.meta.url), 'utf8')).trimEnd().split('\n');
  return lines.slice(0, most).map((line) => {
    const { text, intent } = JSON.parse(line);
    return { text, label: intent };
  });
}

// Attention says which words count; without it, `pooling` is the maximum over all words.
const classifier = await Classifier.train(await read('train.jsonl', Number(process.argv[2] ?? 1500)), {
  pooling: 'attention',
  onProgress: ({ epoch, epochs, step, steps, loss, dev }) => {
    if (step === steps) console.log(`epoch ${epoch}/${epochs}: loss ${loss.toFixed(3)}, accuracy ${dev.accuracy.toFixed(3)}`);
  },
});

const { accuracy, macroF1, calibrationError, confusion } = await classifier.evaluate(await read('test.jsonl'));
console.log(`test: accuracy ${accuracy.toFixed(3)}, macro F1 ${macroF1.toFixed(3)}, calibration error ${calibrationError.toFixed(3)}`);
console.log('rows are what requests want, columns what they were taken for');
confusion.labels.forEach((label, row) => console.log(label.padEnd(8), ...confusion.counts[row].map((count) => `${count}`.padStart(4))));

for (const request of ['move my dentist appointment to Friday', '取消明天的会议']) {
  const { label, score, tokens } = await classifier.explain(request);
  const [first] = tokens.sort((a, b) => b.weight - a.weight);
  console.log(`${request}: ${label} (${score.toFixed(2)}), most of all for ${first.text}`);
}

// One file holds everything: `await classifier.save('intents.safetensors')`, then `Classifier.load`.
classifier.dispose();
