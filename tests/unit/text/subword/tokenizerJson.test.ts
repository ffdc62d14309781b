import { describe, expect, test } from 'vitest';
import { DataError, OstinatoError, UnsupportedError } from '../../../../ts/src/errors.js';
import { SubwordTokenizer } from '../../../../ts/src/text/subword/subwordTokenizer.js';

const MODEL = { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1 }, unk_token: '[UNK]' };
const TOKEN = { id: 2, content: '[SEP]', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
const file = (rest: object = {}): object => ({ added_tokens: [], model: MODEL, ...rest });

describe('what is wrong', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'tokenizer: expected JSON, given "{"'],
    ['no object', 5, 'tokenizer file: '],
    ['null', null, 'tokenizer file: '],
    ['no model', { added_tokens: [] }, 'tokenizer model: '],
    ['no added tokens', { model: MODEL }, 'tokenizer added_tokens: '],
    ['another version', file({ version: '2.0' }), 'tokenizer version: '],
    ['an added token without an id', file({ added_tokens: [TOKEN, { content: 'x' }] }), 'tokenizer added_tokens.1.id: '],
    ['a flag that is none', file({ normalizer: { type: 'BertNormalizer', lowercase: 'yes' } }), 'tokenizer normalizer.lowercase: '],
    ['a pattern that is none', file({ normalizer: { type: 'Replace', pattern: 'a', content: '' } }), 'tokenizer normalizer.pattern: expected { String } or { Regex }'],
    ['a part of a sequence', file({ pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split' }] } }), 'tokenizer pre_tokenizer.pretokenizers.0.pattern: '],
    ['a behaviour that is none', file({ pre_tokenizer: { type: 'Punctuation', behavior: 'removed' } }), 'tokenizer pre_tokenizer.behavior: '],
    ['two characters for one', file({ pre_tokenizer: { type: 'Metaspace', replacement: '__' } }), 'tokenizer pre_tokenizer.replacement: expected a single character'],
    ['a length that is none', file({ pre_tokenizer: { type: 'FixedLength', length: 0 } }), 'tokenizer pre_tokenizer.length: '],
    ['a length beyond all', file({ pre_tokenizer: { type: 'FixedLength', length: 1e300 } }), 'tokenizer pre_tokenizer.length: '],
    ['a part that has no type', file({ decoder: {} }), 'tokenizer decoder.type: '],
    ['a template of strings', file({ post_processor: { type: 'TemplateProcessing', single: ['$A'], pair: [], special_tokens: {} } }), 'tokenizer post_processor.single.0: expected { SpecialToken } or { Sequence }'],
    [
      'a template of strangers',
      file({ post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: 'toString', type_id: 0 } }], pair: [], special_tokens: {} } }),
      'tokenizer post_processor.single[0]: expected one of special_tokens, with ids and as many tokens, given "toString"',
    ],
    ['a vocabulary that is none', file({ model: { ...MODEL, vocab: [] } }), 'tokenizer model.vocab: expected ids by piece'],
    ['an id that is none', file({ model: { ...MODEL, vocab: { a: 1.5 } } }), 'tokenizer model.vocab["a"]: expected an id from 0 to 16777216, given 1.5'],
    ['padding without a strategy', file({ padding: { direction: 'Left', pad_id: 0, pad_type_id: 0, pad_token: '' } }), 'tokenizer padding.strategy: '],
  ])('is named: %s', (_, json, message) => {
    expect(() => SubwordTokenizer.fromJson(json)).toThrow(DataError);
    expect(() => SubwordTokenizer.fromJson(json)).toThrow(message);
  });

  test.each<[string, object, string]>([
    ['a normaliser', { normalizer: { type: 'Sequence', normalizers: [{ type: 'Foo' }] } }, 'tokenizer normalizer.normalizers.0.type: "Foo" is not supported; there are "NFC" | "NFD"'],
    ['a pre-tokenizer', { pre_tokenizer: { type: 'UnicodeScripts' } }, 'tokenizer pre_tokenizer.type: "UnicodeScripts" is not supported'],
    ['a post-processor', { post_processor: { type: 'Foo' } }, 'tokenizer post_processor.type: "Foo" is not supported'],
    ['a decoder', { decoder: { type: 'CTC' } }, 'tokenizer decoder.type: "CTC" is not supported; there are "ByteLevel" | '],
    ['a model', { model: { type: 'Foo' } }, 'tokenizer model.type: "Foo" is not supported; there are "BPE" | "WordPiece" | "Unigram" | "WordLevel"'],
  ])('is not supported: %s', (_, rest, message) => {
    expect(() => SubwordTokenizer.fromJson(file(rest))).toThrow(UnsupportedError);
    expect(() => SubwordTokenizer.fromJson(file(rest))).toThrow(message);
  });
});

describe('older files', () => {
  test.each<[string, object, string, string[]]>([
    ['BPE', { vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] }, 'ab', ['ab']],
    ['WordPiece', { vocab: { '?': 0, a: 1, '##b': 2 }, unk_token: '?', continuing_subword_prefix: '##', max_input_chars_per_word: 9 }, 'ab', ['a', '##b']],
    ['unigram', { vocab: [['a', -1], ['b', -1]], unk_id: null }, 'ab', ['a', 'b']],
    ['whole words', { vocab: { '?': 0, ab: 1 }, unk_token: '?' }, 'ab', ['ab']],
  ])('do not say that their model is %s', (_, model, text, expected) => {
    const tokenizer = SubwordTokenizer.fromJson({ added_tokens: [], model });
    expect(tokenizer.encode(text).tokens.map((token) => token.text)).toEqual(expected);
  });
});

test('what is written is what was read, with defaults', () => {
  const given = file({
    added_tokens: [TOKEN],
    truncation: { direction: 'Right', max_length: 9, strategy: 'LongestFirst', stride: 0 },
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Strip', strip_left: false }] },
    pre_tokenizer: { type: 'Metaspace', replacement: '_', add_prefix_space: false },
    post_processor: { type: 'RobertaProcessing', sep: ['[SEP]', 2], cls: ['[SEP]', 2] },
    decoder: { type: 'Metaspace', replacement: '_' },
  });
  const written = JSON.parse(SubwordTokenizer.fromJson(given).toJson()) as object;
  expect(written).toEqual({
    ...given,
    version: '1.0',
    padding: null,
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Strip', strip_left: false, strip_right: true }] },
    pre_tokenizer: { type: 'Metaspace', replacement: '_', prepend_scheme: 'never', split: true },
    post_processor: { type: 'RobertaProcessing', sep: ['[SEP]', 2], cls: ['[SEP]', 2], trim_offsets: true, add_prefix_space: true },
    decoder: { type: 'Metaspace', replacement: '_', prepend_scheme: 'always', split: true },
  });
  expect(JSON.parse(SubwordTokenizer.fromJson(written).toJson())).toEqual(written);
});

describe('a damaged file', () => {
  const ODD = [undefined, null, 7, -1, 0.5, '', 'x', [], {}, [null], [['a', 'b']], true];

  /** Every value inside a value, by its path. */
  function* pathsOf(value: unknown, path: string[] = []): Generator<string[]> {
    if (path.length > 0) yield path;
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key]);
  }

  test.each<[string, object]>([
    ['BPE', { model: { type: 'BPE', vocab: { '?': 0, a: 1, b: 2, ab: 3 }, merges: [['a', 'b']], unk_token: '?', continuing_subword_prefix: '', end_of_word_suffix: '', dropout: null, byte_fallback: false } }],
    ['WordPiece', { model: { type: 'WordPiece', vocab: { '?': 0, a: 1, '##b': 2 }, unk_token: '?', continuing_subword_prefix: '##', max_input_chars_per_word: 10 } }],
    ['unigram', { model: { type: 'Unigram', vocab: [['?', 0], ['a', -1], ['b', -2]], unk_id: 0, byte_fallback: true } }],
  ])('is refused or read, never a fault: %s', (_, model) => {
    const whole = file({
      ...model,
      added_tokens: [TOKEN],
      truncation: { direction: 'Right', max_length: 9, strategy: 'LongestFirst', stride: 0 },
      padding: { strategy: { Fixed: 3 }, direction: 'Right', pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: '?' },
      normalizer: { type: 'Sequence', normalizers: [{ type: 'BertNormalizer', strip_accents: null }, { type: 'Replace', pattern: { Regex: 'a' }, content: 'b' }, { type: 'Precompiled', precompiled_charsmap: 'BAAAAAAAAAAA' }] },
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Metaspace', replacement: '_' }, { type: 'Split', pattern: { String: '_' }, behavior: 'Removed' }, { type: 'FixedLength', length: 3 }] },
      post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: 'S', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }], pair: [], special_tokens: { S: { id: 'S', ids: [0], tokens: ['?'] } } },
      decoder: { type: 'Sequence', decoders: [{ type: 'WordPiece' }, { type: 'Strip', content: 'a', start: 1, stop: 1 }, { type: 'Replace', pattern: { String: 'a' }, content: 'b' }] },
    });
    let read = 0;
    let refused = 0;
    for (const path of pathsOf(whole)) {
      for (const odd of ODD) {
        const damaged = structuredClone(whole);
        const last = path.at(-1) as string;
        (path.slice(0, -1).reduce((value, key) => value[key] as never, damaged as Record<string, unknown>))[last] = odd;
        try {
          const tokenizer = SubwordTokenizer.fromJson(damaged);
          tokenizer.decode(tokenizer.encode('ab [SEP] 🍜 a').ids);
          read += 1;
        } catch (error) {
          expect(error, `${path.join('.')} = ${JSON.stringify(odd)}`).toBeInstanceOf(OstinatoError);
          refused += 1;
        }
      }
    }
    expect(read).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(500);
  });
});
