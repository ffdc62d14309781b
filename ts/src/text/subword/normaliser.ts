/** Normalisers of tokenizer files: each rewrites a text, and the text knows where its parts came from. */

import * as v from 'valibot';
import { isWhiteSpace, WHITE_SPACE } from '../whiteSpace.js';
import { toByteLevel } from './byteLevel.js';
import { Charsmap } from './charsmap.js';
import { filled } from './filled.js';
import type { Edit, NormalisedText } from './normalisedText.js';
import { PATTERN, patternExpression } from './pattern.js';

const yes = v.optional(v.boolean(), true);

const SINGLE = v.variant('type', [
  v.object({ type: v.picklist(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  v.object({ type: v.picklist(['Lowercase', 'StripAccents', 'Nmt', 'ByteLevel']) }),
  v.object({
    type: v.literal('BertNormalizer'),
    clean_text: yes,
    handle_chinese_chars: yes,
    strip_accents: v.optional(v.nullable(v.boolean()), null),
    lowercase: yes,
  }),
  v.object({ type: v.literal('Strip'), strip_left: yes, strip_right: yes }),
  v.object({ type: v.literal('Replace'), pattern: PATTERN, content: v.string() }),
  v.object({ type: v.literal('Prepend'), prepend: v.string() }),
  v.object({ type: v.literal('Precompiled'), precompiled_charsmap: v.string() }),
]);

/**
 * A normaliser as JSON, with the names of `tokenizer.json`.
 *
 * - `NFC`, `NFD`, `NFKC`, `NFKD`: Unicode's normal forms; `Lowercase`: character by character;
 *   `StripAccents`: without combining marks, so behind `NFD` or `NFKD` without accents.
 * - `BertNormalizer`: without control characters, all white space a space, spaces around Han
 *   characters, then without accents (where `strip_accents` is null: if lower case is wanted) and in
 *   lower case.
 * - `Strip`: without white space at the ends; `Replace`, `Prepend`.
 * - `Nmt` and `Precompiled`: the rules of SentencePiece, the latter compiled into its model.
 * - `ByteLevel`: every UTF-8 byte a visible character.
 * - `Sequence`: one after another.
 */
export type NormaliserJson = v.InferOutput<typeof SINGLE> | { type: 'Sequence'; normalizers: NormaliserJson[] };

/** The same, where defaults may be left out. */
export type NormaliserInput = v.InferInput<typeof SINGLE> | { type: 'Sequence'; normalizers: NormaliserInput[] };

/** What a normaliser must look like. */
export const NORMALISER: v.GenericSchema<NormaliserInput, NormaliserJson> = v.variant('type', [
  ...SINGLE.options,
  v.object({ type: v.literal('Sequence'), normalizers: v.array(v.lazy(() => NORMALISER)) }),
]);

/** Rewrites a text. */
export type TextNormaliser = (text: NormalisedText) => NormalisedText;

/**
 * The normaliser that a caller describes; for null, one that changes nothing.
 *
 * @throws UsageError (`bad_option`) with the path of what is wrong
 * @throws UnsupportedError for a pattern that JavaScript cannot have, or a host without Intl.Segmenter
 * @throws DataError (`bad_charsmap`)
 *
 * @example
 * const plain = textNormaliser({ type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] });
 * const text = plain(NormalisedText.of('Café!'));
 * text.text;       // 'Cafe!'
 * text.span(3, 4); // [3, 4]
 */
export function textNormaliser(json: NormaliserInput | null): TextNormaliser {
  return normaliserFrom(filled('normaliser', NORMALISER, json));
}

/**
 * The normaliser that some checked JSON describes.
 *
 * @throws UnsupportedError for a pattern that JavaScript cannot have, or a host without Intl.Segmenter
 * @throws DataError (`bad_charsmap`)
 */
export function normaliserFrom(json: NormaliserJson | null): TextNormaliser {
  if (json === null) return (text) => text;
  switch (json.type) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const { type: form } = json;
      return (text) => unicodeForm(text, form);
    }
    case 'Lowercase':
      return lowerCase;
    case 'StripAccents':
      return (text) => withoutMarks(text, MARKS);
    case 'Nmt':
      return (text) => text.replace(NMT_REMOVED, () => '').replace(NMT_SPACE, () => ' ');
    case 'ByteLevel':
      return toByteLevel;
    case 'BertNormalizer':
      return bertNormaliser(json);
    case 'Strip':
      return stripper(json.strip_left, json.strip_right);
    case 'Replace': {
      const expression = patternExpression(json.pattern);
      return (text) => text.replace(expression, () => json.content);
    }
    case 'Prepend':
      return (text) => (text.text === '' ? text : text.prefixed(json.prepend));
    case 'Precompiled': {
      const map = new Charsmap(json.precompiled_charsmap);
      return (text) => map.apply(text);
    }
    case 'Sequence': {
      const steps = json.normalizers.map(normaliserFrom);
      return (text) => steps.reduce((rewritten, step) => step(rewritten), text);
    }
  }
}

/** A run of what no form changes, or a character with the marks behind it. */
const CLUSTER = /[\0-\x7f\u3400-\u9fff]+(?!\p{M})|\P{M}\p{M}*|\p{M}+/gu;
/** Starts such a run, and with a mark behind it a letter: never combines with anything before it. */
const INDEPENDENT = /^[\0-\u02ff\u3400-\u9fff]/;

function unicodeForm(text: NormalisedText, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): NormalisedText {
  const whole = text.text.normalize(form);
  if (whole === text.text) return text;
  const edits: Edit[] = [];
  let part = '';
  let end = 0;
  const flush = (): void => {
    const normal = part.normalize(form);
    if (normal !== part) edits.push({ start: end - part.length, end, text: normal });
  };
  for (const [cluster] of text.text.matchAll(CLUSTER)) {
    // Jamo make syllables, and a half-width voicing mark is only a mark when it has been widened.
    const joins = !INDEPENDENT.test(cluster) && part.normalize(form) + cluster.normalize(form) !== (part + cluster).normalize(form);
    if (!joins) flush();
    part = joins ? part + cluster : cluster;
    end += cluster.length;
  }
  flush();
  const changed = text.edited(edits);
  // Should a Unicode to come know characters that combine otherwise, the text is one part.
  return changed.text === whole ? changed : text.edited([{ start: 0, end: text.text.length, text: whole }]);
}

function lowerCase(text: NormalisedText): NormalisedText {
  // In context, JavaScript would make a final sigma `ς`; character by character it is `σ`.
  const whole = text.text.replaceAll('Σ', 'σ').toLowerCase();
  if (whole.length === text.text.length) return text.recoded(whole);
  return text.mapped((codePoint) => (codePoint === SIGMA ? 'σ' : String.fromCodePoint(codePoint).toLowerCase()));
}

const SIGMA = 0x3a3;
const MARKS = /([^])??\p{M}+/gu;
const ANY_MARK = /\p{M}/u;
const NONSPACING_MARKS = /([^])??\p{Mn}+/gu;

/** A text without marks; the character that carried them stands for them, too. */
function withoutMarks(text: NormalisedText, marks: RegExp): NormalisedText {
  if (!ANY_MARK.test(text.text)) return text;
  return text.replace(marks, ([, carrier = '']) => carrier);
}

const NMT_REMOVED = /[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]/g;
const NMT_SPACE = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;

/** NUL, the replacement character, and what is control, format, private or a surrogate, but for tab and line ends. */
const BERT_REMOVED = /[\0\ufffd\p{Cf}\p{Co}\p{Cs}]|(?![\t\n\r])\p{Cc}/gu;
const ANY_SPACE = new RegExp(`[${WHITE_SPACE}]`, 'g');
/** The blocks that BERT's own code takes for Chinese. */
const HAN =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

function bertNormaliser(json: NormaliserJson & { type: 'BertNormalizer' }): TextNormaliser {
  const { clean_text: clean, handle_chinese_chars: chinese, lowercase } = json;
  const strip = json.strip_accents ?? lowercase;
  return (text) => {
    let rewritten = text;
    if (clean) rewritten = rewritten.replace(BERT_REMOVED, () => '').replace(ANY_SPACE, () => ' ');
    if (chinese) rewritten = rewritten.replace(HAN, ([character]) => ` ${character} `);
    if (strip) rewritten = withoutMarks(unicodeForm(rewritten, 'NFD'), NONSPACING_MARKS);
    return lowercase ? lowerCase(rewritten) : rewritten;
  };
}

function stripper(left: boolean, right: boolean): TextNormaliser {
  return (text) => {
    const { text: whole } = text;
    let start = 0;
    let end = whole.length;
    while (left && start < end && isWhiteSpace(whole.charCodeAt(start))) start += 1;
    while (right && start < end && isWhiteSpace(whole.charCodeAt(end - 1))) end -= 1;
    return text.slice(start, end);
  };
}
