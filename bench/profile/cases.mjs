// What is profiled: cases of the bench, each by its task and its name there.
import { existsSync, readFileSync } from 'node:fs';
import { corpusTable, tables as ordinary } from '../run/tasks.mjs';

/**
 * `name` of a case here, its `task` and its name there (`case`); `model`, the sizes of the model that a corpus trains;
 * `shared`, whether it is profiled on several threads, too.
 */
export const cases = JSON.parse(readFileSync(new URL('cases.json', import.meta.url), 'utf8'));

/**
 * The cases of these names, each with its table and its sizes. Those of a corpus are left out where it is not in the
 * folder of data sets.
 */
export function casesOf(names, data) {
  const tables = existsSync(`${data}/resume-ner`) ? [...ordinary, corpusTable(data)] : ordinary;
  return cases.filter(({ name }) => names.includes(name)).flatMap((one) => {
    const table = tables.find(({ task }) => task === one.task);
    return table === undefined ? [] : { ...one, table, sizes: table.cases.find(({ name }) => name === one.case) };
  });
}
