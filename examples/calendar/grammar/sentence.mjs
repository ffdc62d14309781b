/** The entity types and intents of this data set. */
export const TYPES = ['PERSON', 'DATE', 'TIME', 'PLACE', 'TITLE'];
export const INTENTS = ['create', 'move', 'cancel', 'ask', 'remind'];

/**
 * Parts of a sentence (`{ text, type? }`) → `{ text, intent, entities: [{ start, end, type }] }`.
 * Offsets count UTF-16 code units, `end` is exclusive.
 */
export function sentenceOf(parts, intent) {
  let text = '';
  const entities = [];
  for (const part of parts) {
    if (part.type !== undefined) entities.push({ start: text.length, end: text.length + part.text.length, type: part.type });
    text += part.text;
  }
  return { text, intent, entities };
}

/** `lunch with [Ana](PERSON)` → parts. */
export function parseInline(line) {
  const parts = [];
  let at = 0;
  for (const match of line.matchAll(/\[([^[\]]+)\]\(([A-Z]+)\)/g)) {
    if (!TYPES.includes(match[2])) throw new Error(`unknown type ${match[2]} in: ${line}`);
    if (match.index > at) parts.push({ text: line.slice(at, match.index) });
    parts.push({ text: match[1], type: match[2] });
    at = match.index + match[0].length;
  }
  if (at < line.length) parts.push({ text: line.slice(at) });
  for (const part of parts) {
    if (part.type === undefined && /[[\]]/.test(part.text)) throw new Error(`a bracket is left over in: ${line}`);
  }
  return parts;
}

/** A hand-written file: `# intent` headings, one inline sentence a line, blank lines ignored. */
export function parseHandwritten(source) {
  let intent;
  const sentences = [];
  for (const [index, raw] of source.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('# ')) {
      intent = line.slice(2);
      if (!INTENTS.includes(intent)) throw new Error(`line ${index + 1}: unknown intent "${intent}"`);
    } else if (intent === undefined) throw new Error(`line ${index + 1}: a sentence before the first "# intent"`);
    else sentences.push(sentenceOf(parseInline(line), intent));
  }
  return sentences;
}

/** 'zh' when a Han character occurs, else 'en': a Chinese request may hold English words, not the reverse. */
export function languageOf(sentence) {
  return /\p{Script=Han}/u.test(sentence.text) ? 'zh' : 'en';
}

/** What makes two sentences the same: their letters and digits, whatever their case, spaces and punctuation. */
export function fingerprint(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

/** The sentence with its entities replaced by their types: two sentences of one shape differ in slot values only. */
export function shapeOf({ text, entities }) {
  let shape = '';
  let at = 0;
  for (const { start, end, type } of entities) {
    shape += `${text.slice(at, start)} <${type}> `;
    at = end;
  }
  return (shape + text.slice(at)).toLowerCase().replace(/[^\p{L}\p{M}\p{N}<>]+/gu, ' ').trim();
}

/** One line of JSONL. */
export function lineOf(sentence) {
  return JSON.stringify(sentence);
}
