// A language model: new requests out of what it has read, and where a request surprises it.
//   node examples/language-model.mjs [epochs] [file of text]
import { readFile } from 'node:fs/promises';
import { LanguageModel } from 'ostinato';

/** English requests, each with a beginning and an end; or a text that runs on. */
async function read(path) {
  if (path !== undefined) return readFile(path, 'utf8');
  const lines = (await readFile(new URL('calendar/train.jsonl', import.meta.url), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).text).filter((text) => /^[ -~]+$/.test(text));
}

// Backpropagation through time: the text is cut into `batchSize` streams, of which a step reads the next
// `sequenceLength` characters. What the network remembers goes on from step to step; gradients do not.
const model = await LanguageModel.train(await read(process.argv[3]), {
  embeddingSize: 48,
  hiddenSize: 128,
  layers: 1,
  batchSize: 32,
  sequenceLength: 60,
  learningRate: 0.01,
  epochs: Number(process.argv[2] ?? 8),
  onProgress: ({ epoch, step, steps, loss, dev }) => {
    if (step === steps) console.log(`epoch ${epoch}: loss ${loss.toFixed(3)}, perplexity ${dev.perplexity.toFixed(2)}`);
  },
});

// Sampling: token by token, each drawn from what the model expects. A lower temperature is more careful.
console.log('\nnew texts');
for (const temperature of [0.5, 0.8, 1]) {
  const { text } = await model.generate('', { temperature, seed: 1, maxTokens: 80 });
  console.log(`  ${temperature}: ${text}`);
}
process.stdout.write('\nas it comes: lunch');
for await (const { text } of model.generateStream('lunch', { temperature: 0.7, maxTokens: 60 })) process.stdout.write(text);
const [best] = await model.beamSearch('cancel', { beams: 4, maxTokens: 60 });
console.log(`\nthe most probable: cancel${best.text}`);

// Surprise, in bits: what a page could underline.
const { tokens, bitsPerCharacter } = await model.score('lunch with Ana on Frixday');
const { text, start } = tokens.reduce((most, token) => (token.surprisal > most.surprisal ? token : most));
console.log(`\n${bitsPerCharacter.toFixed(2)} bits a character; most surprising: "${text}" at ${start}`);

// It adapts to what it reads, and forgets that again.
const habit = ['tea with Zoë at the Owl', 'tea with Zoë and Max', 'tea with Zoë again'];
const before = await model.perplexity(habit);
for (let time = 0; time < 3; time += 1) await model.adapt(habit);
const after = await model.perplexity(habit);
await model.forget();
console.log(`\nperplexity of tea with Zoë: ${before.toFixed(1)}, adapted ${after.toFixed(1)}, forgotten ${(await model.perplexity(habit)).toFixed(1)}`);
model.dispose();
