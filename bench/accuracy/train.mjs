// Classifiers on a case, and how many texts they get right.
import { Classifier } from '../../dist/index.js';

/** The option that keeps the last epoch: nothing of the training data is held out to choose one. */
const LAST_EPOCH = { holdOut: 0 };

/** The options of a case, for one seed and, where the case has `variants` that its members take in turn, one of these. */
export function optionsOf({ twin, options, variants = [{}] }, { twin: shared }, seed, member = 0) {
  return { ...(twin ? shared : {}), ...options, ...variants[member % variants.length], ...LAST_EPOCH, seed };
}

/** The label with the highest mean score. */
export function vote(classifications) {
  const scores = new Map();
  for (const { labels } of classifications) {
    for (const { label, score } of labels) scores.set(label, (scores.get(label) ?? 0) + score);
  }
  return [...scores].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

const MICROSECONDS = 1e6;

/** Seconds that the processor works for this process while something is done, with its result. */
async function worked(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / MICROSECONDS, result];
}

/**
 * Trains the classifiers of one seed: one, or `members` of them, whose scores are averaged.
 *
 * @returns `accuracy` on the test data, and the `seconds` of the processor that all trainings took
 */
export async function trainAndTest(one, file, { train, test }, seed, engine) {
  const { members = 1 } = one;
  const texts = test.map(({ text }) => text);
  const given = texts.map(() => []);
  let seconds = 0;
  for (let member = 0; member < members; member += 1) {
    const options = optionsOf(one, file, (seed - 1) * members + member + 1, member);
    const [taken, classifier] = await worked(() => Classifier.train(train, { ...options, engine }));
    seconds += taken;
    (await classifier.classifyBatch(texts)).forEach((classification, row) => given[row].push(classification));
    classifier.dispose();
  }
  const right = test.filter(({ label }, row) => vote(given[row]) === label).length;
  return { accuracy: right / test.length, seconds };
}
