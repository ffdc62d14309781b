/**
 * How people really type: openers and closers, capitals or none, punctuation or none, a typo here and there.
 * Works on the parts of a sentence, so that entities keep their boundaries whatever happens to their letters.
 */

const vowelSound = /^(?:[aeio]|u(?!ni|s[aeiu])|hour|(?:MRI|x-ray|HR|API|L|F|S|X|N|M)\b)/i;

/** Rewrites every part's text; `rewrite` gets the text and its type. */
function mapParts(parts, rewrite) {
  return parts.map((part) => ({ ...part, text: rewrite(part.text, part.type) }));
}

/** `a@ {TITLE}` → "a lunch", "an interview": the article fits the word that follows. */
function fitArticles(parts) {
  const following = (index) => parts.slice(index + 1).map((part) => part.text).join('');
  return parts.map((part, index) => ({
    ...part,
    text: part.text.replace(/\ba@(?= (.*)$| )/gs, (match, _rest, offset) => {
      const after = (part.text.slice(offset + 2) + following(index)).trimStart();
      return vowelSound.test(after) ? 'an' : 'a';
    }),
  }));
}

/** Drops empty parts, doubled spaces and spaces at the ends. */
export function tidy(parts) {
  const out = [];
  for (const part of parts) {
    let text = part.text.replace(/ {2,}/g, ' ');
    const before = out.length > 0 ? out[out.length - 1].text : ' ';
    if (before.endsWith(' ')) text = text.replace(/^ +/, '');
    if (part.type === undefined && /^[,.?!:;]/.test(text) && before.endsWith(' ') && out.length > 0) {
      out[out.length - 1].text = before.replace(/ +$/, '');
    }
    if (text !== '') out.push({ ...part, text });
  }
  while (out.length > 0) {
    const last = out[out.length - 1];
    last.text = last.text.trimEnd();
    if (last.text !== '') break;
    out.pop();
  }
  return out;
}

/** One slip in a word of four letters or more: two letters swapped, one dropped, one doubled. */
function slip(text, random) {
  const words = [...text.matchAll(/\p{Script=Latin}{4,}/gu)];
  if (words.length === 0) return text;
  const word = random.pick(words);
  const at = word.index + random.integer(1, word[0].length - 2);
  const kind = random.integer(0, 2);
  if (kind === 0) return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  if (kind === 1) return text.slice(0, at) + text.slice(at + 1);
  return text.slice(0, at) + text[at] + text.slice(at);
}

function slipSomewhere(parts, random) {
  const index = random.integer(0, parts.length - 1);
  return parts.map((part, at) => (at === index ? { ...part, text: slip(part.text, random) } : part));
}

function capitalizeFirst(parts) {
  return parts.map((part, index) => (index === 0 ? { ...part, text: part.text[0].toUpperCase() + part.text.slice(1) } : part));
}

/** A request with something before it, after it, or by itself. */
function surround(grammar, parts, random, closer, afterOpener, beforeCloser) {
  let typed = parts;
  if (random.chance(0.1)) typed = [...grammar.expand('{before}', random), ...typed];
  else if (random.chance(0.12)) typed = [...grammar.expand('{opener}', random), { text: random.pick(afterOpener) }, ...typed];
  if (random.chance(0.12)) typed = [...typed, ...grammar.expand('{after}', random)];
  else if (random.chance(0.12)) typed = [...typed, { text: random.pick(beforeCloser) }, ...grammar.expand(closer, random)];
  return tidy(typed);
}

const isQuestion = /^(?:what|whats|when|where|who|which|how|is|are|am|do|does|did|can|could|would|will|may|have|any)\b/i;

/** English: parts as the grammar gives them → parts as somebody typed them. */
export function typeEnglish(grammar, parts, random) {
  let typed = tidy(fitArticles(parts));
  const question = isQuestion.test(typed[0].text);
  typed = surround(grammar, typed, random, '{closer}', [', ', ' ', ', ', ' - '], [' ', ', ']);

  const style = random.next();
  if (style < 0.4) typed = capitalizeFirst(typed);
  else if (style < 0.82) typed = mapParts(typed, (text) => text.toLowerCase());
  else if (style < 0.835) typed = mapParts(typed, (text) => text.toUpperCase());
  else if (style < 0.86) typed = mapParts(typed, (text, type) => (type === 'TITLE' ? text.replace(/(^| )(\p{Ll})/gu, (_, space, letter) => space + letter.toUpperCase()) : text));

  if (random.chance(0.06)) typed = slipSomewhere(typed, random);
  if (random.chance(0.08)) typed = mapParts(typed, (text) => text.replace(/(?<=\p{L})['’]/gu, ''));
  const ending = question ? random.pick(['?', '?', '?', '', '']) : random.pick(['', '', '', '.', '.', '!']);
  return tidy([...typed, { text: ending }]);
}

/** A space where digits or Latin letters of neighbouring parts would run into one word. */
function keepApart(parts) {
  return parts.flatMap((part, index) => {
    const before = index > 0 ? parts[index - 1].text : '';
    return /[\p{Script=Latin}\p{Nd}]$/u.test(before) && /^[\p{Script=Latin}\p{Nd}]/u.test(part.text) ? [{ text: ' ' }, part] : [part];
  });
}

/** Chinese: the same, with full-width punctuation and no capitals to lose. */
export function typeChinese(grammar, parts, random) {
  let typed = keepApart(tidy(parts));
  const plain = typed.map((part) => part.text).join('');
  const question = /[吗呢么几哪谁什啥]|没有$|有没有|是不是|多久|多少|怎么/.test(plain);
  typed = surround(grammar, typed, random, question ? '{thanks}' : '{closer}', ['，', '，', ' ', ','], ['']);
  if (random.chance(0.12)) typed = mapParts(typed, (text, type) => (type === undefined ? text.replaceAll('，', ' ') : text));
  else if (random.chance(0.12)) typed = mapParts(typed, (text) => text.replaceAll('，', ','));
  if (random.chance(0.3)) typed = mapParts(typed, (text) => text.toLowerCase());
  const ending = question ? random.pick(['？', '？', '?', '', '']) : random.pick(['', '', '', '', '。', '。', '！']);
  return tidy([...typed, { text: ending }]);
}
