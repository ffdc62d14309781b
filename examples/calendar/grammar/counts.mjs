import { INTENTS, languageOf, TYPES } from './sentence.mjs';

const valuesOf = (sentences, type) => sentences.flatMap(({ text, entities }) => entities.filter((entity) => entity.type === type).map(({ start, end }) => text.slice(start, end).toLowerCase()));

function table(header, rows) {
  return [header, header.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The counts that stand in the README, as Markdown. `files` is a list of `{ name, sentences }`; the last one is the test file, the first one the training file. */
export function countsTable(files) {
  const columns = files.flatMap(({ name, sentences }) => ['en', 'zh'].map((language) => ({ head: `${name} ${language}`, sentences: sentences.filter((sentence) => languageOf(sentence) === language) })));
  const intents = [...INTENTS.map((intent) => [intent, ...columns.map(({ sentences }) => sentences.filter((sentence) => sentence.intent === intent).length)]), ['all', ...columns.map(({ sentences }) => sentences.length)]];
  const types = [...TYPES.map((type) => [type, ...columns.map(({ sentences }) => valuesOf(sentences, type).length)]), ['none at all', ...columns.map(({ sentences }) => sentences.filter(({ entities }) => entities.length === 0).length)]];
  const train = files[0].sentences;
  const test = files[files.length - 1].sentences;
  const unseen = TYPES.map((type) => {
    const known = new Set(valuesOf(train, type));
    const values = valuesOf(test, type);
    const fresh = values.filter((value) => !known.has(value)).length;
    return [type, known.size, values.length, `${fresh} (${Math.round((100 * fresh) / values.length)} %)`];
  });
  return [
    table(['sentences', ...columns.map(({ head }) => head)], intents),
    table(['entities', ...columns.map(({ head }) => head)], types),
    table(['values', 'distinct in training', 'in the test', 'of these never in training'], unseen),
  ].join('\n\n');
}
