import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import type { TaggedText } from '../../../ts/src/data/example.js';
import { DataError } from '../../../ts/src/errors.js';
import { alignTexts, type AlignOptions } from '../../../ts/src/text/align.js';
import type { Entity } from '../../../ts/src/text/entity.js';
import { tokenizerFromConfig } from '../../../ts/src/text/ruleTokenizer.js';

const tokenizer = tokenizerFromConfig({ type: 'default' });

function spansOf(example: TaggedText, options?: AlignOptions): string[] {
  const [aligned] = alignTexts([example], tokenizer, options);
  if (aligned === undefined) throw new Error('nothing aligned');
  return aligned.spans.map(({ type, start, end }) => {
    const tokens = aligned.tokens.slice(start, end).map((token) => token.text);
    return `${type} ${tokens.join('|')}`;
  });
}

function faultOf(call: () => unknown): DataError {
  try {
    call();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error('expected a DataError');
}

describe('alignTexts', () => {
  test('spans to tokens, in order', () => {
    expect(
      spansOf({
        text: '🍜 with Ana Lee at Blue Cafe',
        entities: [
          { type: 'PLACE', start: 19, end: 28 },
          { type: 'PERSON', start: 8, end: 15 },
        ],
      }),
    ).toEqual(['PERSON Ana|Lee', 'PLACE Blue|Cafe']);
  });

  test('takes what a tagger returns', () => {
    const entity: Entity = { type: 'PERSON', start: 5, end: 7, text: '王芳', score: 0.9 };
    expect(spansOf({ text: '明天下午和王芳开会', entities: [entity] })).toEqual(['PERSON 王|芳']);
  });

  test('offsets may count code points', () => {
    const text = '👩‍🍳🍜 con Ana';
    expect(spansOf({ text, entities: [{ type: 'P', start: 9, end: 12 }] }, { offsetUnit: 'codePoint' })).toEqual(['P Ana']);
  });

  test('leaves white space at the edges out', () => {
    expect(spansOf({ text: 'a Ana  b', entities: [{ type: 'P', start: 1, end: 7 }] })).toEqual(['P Ana']);
  });

  test('a mention without offsets must occur once', () => {
    expect(spansOf({ text: 'with Ana', entities: [{ type: 'P', text: 'Ana' }] })).toEqual(['P Ana']);
    const twice = faultOf(() => spansOf({ text: 'Ana or Ana', entities: [{ type: 'P', text: 'Ana' }] }));
    expect(twice.code).toBe('ambiguous_mention');
    expect(twice.message).toContain('P "Ana" occurs 2 times, at 0, 7: give start and end');
    expect(faultOf(() => spansOf({ text: 'aaa', entities: [{ type: 'P', text: 'aa' }] })).message).toContain('occurs 2 times, at 0, 1');
    for (const text of ['Bob', '']) {
      expect(faultOf(() => spansOf({ text: 'Ana', entities: [{ type: 'P', text }] })).message).toContain('does not occur in the text');
    }
  });

  test('texts without entities, and empty ones', () => {
    expect(alignTexts([{ text: '', entities: [] }, { text: 'a b', entities: [], line: 4 }], tokenizer)).toEqual([
      { text: '', tokens: [], spans: [], line: undefined, source: undefined },
      { text: 'a b', tokens: tokenizer.tokenize('a b'), spans: [], line: 4, source: undefined },
    ]);
  });

  test('lists every span that cuts a token, with its line and the nearest that does not', () => {
    const error = faultOf(() =>
      alignTexts(
        [
          { text: 'lunch with Anabel', entities: [{ type: 'PERSON', start: 11, end: 14 }], line: 3, source: 'a.jsonl' },
          { text: 'fine Ana', entities: [{ type: 'PERSON', start: 5, end: 8 }], line: 4, source: 'a.jsonl' },
          {
            text: 'at Blue Cafe tomorrow',
            entities: [
              { type: 'PLACE', start: 4, end: 12 },
              { type: 'DATE', start: 13, end: 20 },
            ],
            line: 9,
            source: 'a.jsonl',
          },
        ],
        tokenizer,
      ),
    );
    expect(error.code).toBe('cut_span');
    expect(error.source).toBe('a.jsonl');
    expect(error.line).toBeUndefined();
    expect(error.problems).toEqual([
      'line 3: PERSON at 11–14 "Ana" cuts a token; the nearest that does not is 11–17 "Anabel"',
      'line 9: PLACE at 4–12 "lue Cafe" cuts a token; the nearest that does not is 3–12 "Blue Cafe"',
      'line 9: DATE at 13–20 "tomorro" cuts a token; the nearest that does not is 13–21 "tomorrow"',
    ]);
    expect(error.message).toBe(
      `a.jsonl: these 3 entities cannot be used:\n  ${error.problems.join('\n  ')}`,
    );
  });

  test('the nearest span may be shorter', () => {
    const nearest = (text: string, start: number, end: number): string =>
      faultOf(() => spansOf({ text, entities: [{ type: 'P', start, end }] })).message.replace(/.* is /, '');
    expect(nearest('with Ana tomorrow', 5, 10)).toBe('5–8 "Ana"');
    expect(nearest('with Ana tomorrow', 3, 8)).toBe('5–8 "Ana"');
    expect(nearest('with Ana', 2, 8)).toBe('0–8 "with Ana"');
    expect(nearest('Anabel', 2, 4)).toBe('0–6 "Anabel"');
    expect(nearest('ab cd', 1, 4)).toBe('0–5 "ab cd"');
    expect(nearest('👍🏽', 0, 2)).toBe('0–4 "👍🏽"');
    // Both edges equally far: outwards.
    expect(nearest('ab,c', 1, 4)).toBe('0–4 "ab,c"');
    expect(nearest('a,bc', 0, 3)).toBe('0–4 "a,bc"');
    // Moved inwards, nothing would be left.
    expect(nearest('abc def', 2, 5)).toBe('0–7 "abc def"');
  });

  test('one fault stands in the message alone', () => {
    const example = { text: 'Anabel', entities: [{ type: 'P', start: 0, end: 3 }] };
    expect(faultOf(() => alignTexts([{ ...example, line: 7, source: 'a' }], tokenizer)).message).toMatch(
      /^a:7: this entity cannot be used: P at 0–3 "Ana" cuts a token/,
    );
    expect(faultOf(() => alignTexts([{ text: '', entities: [] }, example], tokenizer)).message).toMatch(
      /^this entity cannot be used: text 2: P at 0–3/,
    );
  });

  test.each<[string, TaggedText, string, string]>([
    ['overlap', { text: 'a b c', entities: [{ type: 'X', start: 0, end: 3 }, { type: 'Y', start: 2, end: 5 }] }, 'overlapping_spans', 'X at 0–3 "a b" and Y at 2–5 "b c" overlap'],
    ['repetition', { text: 'a b', entities: [{ type: 'X', start: 0, end: 1 }, { type: 'X', start: 0, end: 1 }] }, 'overlapping_spans', 'overlap'],
    ['an empty span', { text: 'a b', entities: [{ type: 'X', start: 1, end: 1 }] }, 'empty_span', 'X at 1–1 "" is empty'],
    ['white space', { text: 'a  b', entities: [{ type: 'X', start: 1, end: 3 }] }, 'empty_span', 'holds nothing but white space'],
    ['beyond the end', { text: 'a b', entities: [{ type: 'X', start: 2, end: 4 }] }, 'bad_span', 'X at 2–4: expected offsets in order from 0 to 3'],
    ['before the start', { text: 'a b', entities: [{ type: 'X', start: -1, end: 1 }] }, 'bad_span', 'expected offsets'],
    ['out of order', { text: 'a b', entities: [{ type: 'X', start: 2, end: 1 }] }, 'bad_span', 'expected offsets'],
    ['no numbers', { text: 'a b', entities: [{ type: 'X', start: 0.5, end: 1 }] }, 'bad_span', 'expected offsets'],
    ['another text', { text: 'a b', entities: [{ type: 'X', start: 0, end: 1, text: 'b' }] }, 'bad_span', 'X at 0–1 "a" does not cover the text given with it, "b"'],
  ])('refuses %s', (_, example, code, message) => {
    const error = faultOf(() => alignTexts([example], tokenizer));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  test('says when offsets count code points', () => {
    const example = { text: '🍜 Ana', entities: [{ type: 'X', start: 2, end: 5, text: 'Ana' }] };
    expect(faultOf(() => alignTexts([example], tokenizer)).message).toContain("pass offsetUnit: 'codePoint'");
    expect(spansOf(example, { offsetUnit: 'codePoint' })).toEqual(['X Ana']);
  });

  test('several kinds of fault, from several files', () => {
    const error = faultOf(() =>
      alignTexts(
        [
          { text: 'Anabel', entities: [{ type: 'P', start: 0, end: 3 }], line: 1, source: 'a' },
          { text: 'Ana', entities: [{ type: 'P', start: 0, end: 0 }], line: 2, source: 'b' },
        ],
        tokenizer,
      ),
    );
    expect(error.code).toBe('bad_spans');
    expect(error.source).toBeUndefined();
    expect(error.problems[1]).toBe('b: line 2: P at 0–0 "" is empty');
  });

  test('a span inside a longer one overlaps, and so does the next', () => {
    const error = faultOf(() =>
      alignTexts(
        [{ text: 'a b c d', entities: [{ type: 'X', start: 0, end: 7 }, { type: 'Y', start: 2, end: 3 }, { type: 'Z', start: 4, end: 5 }] }],
        tokenizer,
      ),
    );
    expect(error.problems).toHaveLength(2);
  });

  test('entities over whole tokens come back as they went in', () => {
    const random = new Random(29);
    const pieces = ['Ana', '王', '🍜', ' ', ' ', '.', '3', 'ع', 'e\u0301'];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 1 + random.below(15) }, () => pieces[random.below(9)]).join('');
      const tokens = tokenizer.tokenize(text);
      const spans = [];
      for (let at = random.below(3); at < tokens.length; ) {
        const end = Math.min(tokens.length, at + 1 + random.below(3));
        spans.push({ type: 'X', start: at, end });
        at = end + random.below(3);
      }
      const entities = spans.map(({ type, start, end }) => ({
        type,
        start: tokens[start]?.start as number,
        end: tokens[end - 1]?.end as number,
      }));
      expect(alignTexts([{ text, entities: random.shuffle(entities) }], tokenizer)[0]?.spans).toEqual(spans);
    }
  });
});
