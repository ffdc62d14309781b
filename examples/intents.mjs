// A model of one's own, put together from blocks: which of five things does a request want?
//   node examples/intents.mjs [epochs]
import { readFile } from 'node:fs/promises';
import { Model, SpecBuilder, Trainer, VocabularyBuilder, optimizer, output, tokenizerFromConfig } from 'ostinato';

const calendar = new URL('calendar/', import.meta.url);
const tokenizer = tokenizerFromConfig({ type: 'default' });

/** Requests as words, with the intent of each. */
async function read(name) {
  const lines = (await readFile(new URL(name, calendar), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const { text, intent } = JSON.parse(line);
    return { words: tokenizer.tokenize(text).map((token) => token.text), intent };
  });
}

const [train, test] = [await read('train.jsonl'), await read('test.jsonl')];
const intents = [...new Set(train.map(({ intent }) => intent))].sort();
const builder = new VocabularyBuilder({ lowercase: true });
for (const { words } of train) builder.addAll(words);
const vocabulary = builder.build();

// Data comes as ragged batches: row after row, without padding.
const batchOf = (requests) => ({
  rows: requests.length,
  lengths: { tokens: requests.map(({ words }) => words.length) },
  inputs: {
    words: vocabulary.ids(requests.flatMap(({ words }) => words)),
    intents: requests.map(({ intent }) => intents.indexOf(intent)),
  },
});

// Each call adds a node and gives back its value; an entry names the values that are wanted.
const s = new SpecBuilder();
const tokens = s.axis('tokens');
const words = s.ids('words', { axis: tokens, size: vocabulary.size });
const target = s.ids('intents', { size: intents.length });
const known = s.replaceIds(words, { from: vocabulary.singletons.start, with: 1 });
const x = s.dropout(s.embedding(known, { embeddingSize: 64, parameters: { weight: { sparse: true } } }));
const h = s.gru(x, { hiddenSize: 64, bidirectional: true });
const logits = s.linear(s.dropout(s.pool(h, { kind: 'max' })), { outputSize: intents.length });
const spec = s
  .entry('train', { loss: s.crossEntropy(logits, target) })
  .entry('predict', { probabilities: s.softmax(logits) })
  .build();

const model = await Model.create(spec, { seed: 1 });
const trainer = new Trainer(model, { optimizer: optimizer.adam({ learningRate: 3e-3 }), clipNorm: 5 });

/** The intent that the model thinks most likely, for each request. */
async function predict(requests) {
  const { data, width } = output(await model.predict('predict', batchOf(requests)), 'probabilities', 'matrix');
  return requests.map((_, row) => {
    const probabilities = data.subarray(row * width, (row + 1) * width);
    return intents[probabilities.indexOf(Math.max(...probabilities))];
  });
}

async function accuracy(requests) {
  const predicted = await predict(requests);
  return requests.filter(({ intent }, index) => intent === predicted[index]).length / requests.length;
}

// A tenth says which epoch is the best; training ends on its weights.
const dev = train.filter((_, index) => index % 10 === 0);
const rest = train.filter((_, index) => index % 10 !== 0);
const report = await trainer.fit(
  {
    size: rest.length,
    length: (row) => rest[row].words.length,
    batch: (rows) => batchOf(rows.map((row) => rest[row])),
  },
  {
    epochs: Number(process.argv[2] ?? 6),
    batchSize: 16,
    evaluate: async () => ({ accuracy: await accuracy(dev) }),
    onProgress: ({ epoch, step, steps, loss, dev: scores }) => {
      if (step === steps) console.log(`epoch ${epoch}: loss ${loss.toFixed(3)}, accuracy ${scores.accuracy.toFixed(3)}`);
    },
  },
);
console.log(`epoch ${report.bestEpoch} is kept; test accuracy ${(await accuracy(test)).toFixed(3)}`);

const questions = ['move my dentist appointment to Friday', '取消明天的会议'];
const asked = questions.map((text) => ({ words: tokenizer.tokenize(text).map((token) => token.text), intent: intents[0] }));
console.log((await predict(asked)).map((intent, index) => `${questions[index]}: ${intent}`).join('\n'));

trainer.dispose();
model.dispose();
