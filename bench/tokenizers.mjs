// Tokenizers beside Hugging Face's JavaScript library: `node bench/tokenizers.mjs`, after `npm run build`. For each kind
// of model the time to learn 8,000 pieces, and how fast both libraries encode, who have to agree on the ids first.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { trainBpe, trainUnigram, trainWordPiece } from '../dist/index.js';
import { dataFolder } from '../scripts/setup/project.mjs';

const CORPORA = { 'English and German': ['multi30k/train.en', 'multi30k/train.de'], Chinese: ['zh-reviews/pos.txt', 'zh-reviews/neg.txt'] };
const KINDS = { 'BPE on bytes': trainBpe, WordPiece: trainWordPiece, unigram: trainUnigram };
/** Lines that are encoded; all are learned from. */
const LINES = 10_000;
const ROUNDS = 5;

/** The processor's seconds that something takes: those of a busy machine's clock say little. */
async function secondsOf(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function rate(encode, lines, bytes) {
  const rates = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { seconds } = await secondsOf(() => lines.forEach((line) => encode(line)));
    rates.push(bytes / 1e6 / seconds);
  }
  return median(rates);
}

for (const [name, files] of Object.entries(CORPORA)) {
  const texts = await Promise.all(files.map((file) => readFile(join(dataFolder, file), 'utf8')));
  const corpus = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  const step = Math.ceil(corpus.length / LINES);
  const lines = corpus.filter((_, index) => index % step === 0);
  const bytes = Buffer.byteLength(lines.join(''));
  for (const [kind, train] of Object.entries(KINDS)) {
    const { result: tokenizer, seconds } = await secondsOf(() => train(corpus, { vocabSize: 8000 }));
    const rival = new Tokenizer(JSON.parse(tokenizer.toJson()), { clean_up_tokenization_spaces: false });
    const differing = lines.filter((line) => String(tokenizer.encode(line).ids) !== String(rival.encode(line).ids)).length;
    const ours = await rate((line) => tokenizer.encode(line), lines, bytes);
    const theirs = await rate((line) => rival.encode(line), lines, bytes);
    console.log(
      `${name}, ${kind}: 8,000 pieces of ${(Buffer.byteLength(texts.join('')) / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s; ` +
        `encoding ${ours.toFixed(1)} MB/s, @huggingface/tokenizers ${theirs.toFixed(1)} MB/s; ${differing} of ${lines.length} lines differ`,
    );
  }
}
