// What the seeds of a case come to.
import { grid } from '../run/table.mjs';

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spreadOf = (values) => ({ mean: mean(values), least: Math.min(...values), most: Math.max(...values) });

/** The results of earlier runs, those of this one in place of theirs, in the order of the cases. */
export function merged(cases, earlier, results) {
  const latest = new Map([...earlier, ...results].map((result) => [result.name, result]));
  return cases.flatMap(({ name }) => latest.get(name) ?? []);
}

/** A case with the mean, least and most accuracy of its seeds, of its twin's where there is one, and the longest training. */
export function figuresOf(cases, results) {
  return results.map(({ name, train, test, runs }) => {
    const one = cases.find((candidate) => candidate.name === name);
    const twins = runs.flatMap(({ twin }) => (twin === undefined ? [] : [twin.accuracy]));
    return {
      ...one, train, test,
      accuracy: spreadOf(runs.map(({ accuracy }) => accuracy)),
      ...(twins.length > 0 ? { pytorch: { ...spreadOf(twins), seeds: twins.length } } : {}),
      seconds: Math.max(...runs.map(({ seconds }) => seconds)),
    };
  });
}

const percent = ({ mean: middle, least, most }) => {
  const [m, a, b] = [middle, least, most].map((value) => (100 * value).toFixed(1));
  return a === b ? m : `${m} (${a}–${b})`;
};

/** The figures as a table. */
export function accuracyTable(figures) {
  const head = ['Data', 'settings', 'train / test', 'seeds', 'accuracy, %', 'PyTorch', 'goal', 'met', 'seconds'];
  const rows = figures.map(({ title, twin, train, test, seeds, accuracy, pytorch, goal, seconds }) => [
    title,
    twin ? "the twin's" : 'its own',
    `${train.toLocaleString('en')} / ${test.toLocaleString('en')}`,
    seeds,
    percent(accuracy),
    pytorch === undefined ? '' : `${percent(pytorch)}${pytorch.seeds < seeds ? `, ${pytorch.seeds} seeds` : ''}`,
    goal === undefined ? '' : `≥ ${100 * goal}`,
    goal === undefined ? '' : accuracy.mean >= goal ? 'yes' : 'no',
    seconds.toFixed(0),
  ]);
  return grid([head, ...rows]).join('\n');
}
