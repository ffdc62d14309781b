import { expect, test } from 'vitest';
import { tallyOf } from '../../../ts/src/cli/task.js';

test('a tally counts every name of what was found, those that objects have by themselves too', () => {
  const tally = tallyOf('labels', (found: string[]) => found);
  for (const found of [['spam'], [], ['constructor', 'spam'], ['__proto__']]) tally.add(found);
  expect(JSON.stringify(tally.counts())).toBe('{"labels":{"spam":2,"constructor":1,"__proto__":1}}');
});
