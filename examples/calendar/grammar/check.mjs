import { fingerprint, INTENTS, languageOf, shapeOf, TYPES } from './sentence.mjs';

/** Where the tokens of Ostinato's default tokenizer begin and end: Han and Kana singly, runs of letters, runs of digits, other marks singly. */
export function tokenBounds(text) {
  const bounds = new Set([0, text.length]);
  const token = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}])+|\p{Nd}+|[^\s]/gu;
  for (const match of text.matchAll(token)) bounds.add(match.index).add(match.index + match[0].length);
  return bounds;
}

/** What is wrong with one sentence, as a list of texts. */
export function faultsOf({ text, intent, entities }) {
  const faults = [];
  if (text === '' || text !== text.trim()) faults.push('text is empty or has spaces around it');
  if (/[\n\t{}|@]{2}|\{|\}|\ba@ | {2}/.test(text)) faults.push('text holds a piece of the grammar or a doubled space');
  if (!INTENTS.includes(intent)) faults.push(`unknown intent "${intent}"`);
  const bounds = tokenBounds(text);
  let last = 0;
  for (const { start, end, type } of entities) {
    const span = `${type} ${start}–${end}`;
    if (!TYPES.includes(type)) faults.push(`${span}: unknown type`);
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > text.length || start >= end) faults.push(`${span}: out of range or empty`);
    else {
      const slice = text.slice(start, end);
      if (slice !== slice.trim()) faults.push(`${span}: spaces around "${slice}"`);
      if (!bounds.has(start) || !bounds.has(end)) faults.push(`${span}: "${slice}" cuts a token`);
      if (/^(?:the|at|on|with|a|an|my) (?!week |hour )/i.test(slice)) faults.push(`${span}: "${slice}" begins with a word the guidelines leave out`);
      if (/^[和跟与在]/.test(slice) && type !== 'PERSON' && !slice.startsWith('和平')) faults.push(`${span}: "${slice}" begins with a word the guidelines leave out`);
    }
    if (start < last) faults.push(`${span}: overlaps the entity before it, or comes out of order`);
    last = end;
  }
  return faults;
}

/** Faults of every sentence and doubles within the file, each with its line number. */
export function faultsOfFile(name, sentences) {
  const faults = [];
  const lines = new Map();
  for (const [index, sentence] of sentences.entries()) {
    for (const fault of faultsOf(sentence)) faults.push(`${name}:${index + 1}: ${fault}: ${sentence.text}`);
    const key = fingerprint(sentence.text);
    if (lines.has(key)) faults.push(`${name}:${index + 1}: the same sentence as line ${lines.get(key)}: ${sentence.text}`);
    else lines.set(key, index + 1);
  }
  return faults;
}

/** Test sentences that training gives away: by the same words, or by the same words around other slot values. */
export function leaksOf(test, train) {
  const texts = new Set(train.map(({ text }) => fingerprint(text)));
  const shapes = new Set(train.filter(({ entities }) => entities.length > 0).map(shapeOf));
  return test.flatMap((sentence, index) => {
    if (texts.has(fingerprint(sentence.text))) return [`test.jsonl:${index + 1}: also in training: ${sentence.text}`];
    if (shapes.has(shapeOf(sentence))) return [`test.jsonl:${index + 1}: a training sentence has the same shape: ${sentence.text}`];
    return [];
  });
}

/** Promised sizes that a file falls short of. */
export function shortfalls(name, sentences, least) {
  const faults = [];
  if (sentences.length < least.sentences) faults.push(`${name}: ${sentences.length} sentences, promised ${least.sentences}`);
  for (const language of ['en', 'zh']) {
    const share = sentences.filter((sentence) => languageOf(sentence) === language).length / sentences.length;
    if (share < 0.45) faults.push(`${name}: only ${Math.round(share * 100)} % ${language}`);
    for (const intent of INTENTS) {
      const count = sentences.filter((sentence) => sentence.intent === intent && languageOf(sentence) === language).length;
      if (count < least.ofEachIntent) faults.push(`${name}: ${count} sentences of ${language} ${intent}, promised ${least.ofEachIntent}`);
    }
  }
  for (const type of TYPES) {
    const count = sentences.reduce((sum, { entities }) => sum + entities.filter((entity) => entity.type === type).length, 0);
    if (count < least.ofEachType) faults.push(`${name}: ${count} entities of type ${type}, promised ${least.ofEachType}`);
  }
  return faults;
}
