import { Tokenizer } from '@huggingface/tokenizers';
import { beforeAll, describe, expect, test } from 'vitest';
import { SubwordTokenizer } from '../../../../ts/src/text/subword/subwordTokenizer.js';
import type { TokenizerJson } from '../../../../ts/src/text/subword/tokenizerJson.js';
import { trainBpe, trainUnigram, trainWordLevel, trainWordPiece } from '../../../../ts/src/text/subword/training/train.js';
import { multilingualTexts } from './multilingual.js';

const TEXTS = multilingualTexts(1000);
/** Without the texts that follow, so that much is unknown to the vocabularies. */
const CORPUS = multilingualTexts(1400, 11).filter((text) => !/[\u0590-\u06ff]/.test(text));
const special = ['[UNK]', '[CLS]', '[SEP]'];

/** Every kind of model behind every normaliser and pre-tokenizer that both libraries have. */
const KINDS: [name: string, train: () => Promise<SubwordTokenizer>][] = [
  ['BPE on bytes', () => trainBpe(CORPUS, { vocabSize: 900, specialTokens: ['<pad>'] })],
  [
    'BPE on bytes, NFKC, a space before the text',
    () => trainBpe(CORPUS, { vocabSize: 900, normaliser: { type: 'NFKC' }, preTokenizer: { type: 'ByteLevel', add_prefix_space: true } }),
  ],
  [
    'BPE on bytes, cut as GPT-4 does, NFC',
    () =>
      trainBpe(CORPUS, {
        vocabSize: 900,
        normaliser: { type: 'NFC' },
        preTokenizer: {
          type: 'Sequence',
          pretokenizers: [
            {
              type: 'Split',
              pattern: { Regex: String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+` },
              behavior: 'Isolated',
            },
            { type: 'ByteLevel', use_regex: false },
          ],
        },
      }),
  ],
  [
    'BPE on characters, spaces as ▁, NFD without accents',
    () =>
      trainBpe(CORPUS, {
        vocabSize: 1200,
        alphabetSize: 300,
        normaliser: { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] },
        preTokenizer: { type: 'Metaspace', split: false },
      }),
  ],
  [
    'BPE on characters, at white space and runs of punctuation',
    () =>
      trainBpe(CORPUS, {
        vocabSize: 1200,
        alphabetSize: 300,
        preTokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Punctuation', behavior: 'Contiguous' }] },
      }),
  ],
  ['WordPiece', () => trainWordPiece(CORPUS, { vocabSize: 1500, alphabetSize: 350, specialTokens: special, template: '[CLS] $A [SEP]' })],
  [
    'WordPiece with case and accents',
    () => trainWordPiece(CORPUS, { vocabSize: 1500, alphabetSize: 350, specialTokens: special, normaliser: { type: 'BertNormalizer', lowercase: false } }),
  ],
  [
    'WordPiece, NFKD, at white space',
    () => trainWordPiece(CORPUS, { vocabSize: 1500, alphabetSize: 350, normaliser: { type: 'NFKD' }, preTokenizer: { type: 'WhitespaceSplit' } }),
  ],
  ['unigram', () => trainUnigram(CORPUS, { vocabSize: 1400, alphabetSize: 350 })],
  [
    'unigram, lower case, rewritten spaces',
    () =>
      trainUnigram(CORPUS, {
        vocabSize: 1400,
        alphabetSize: 350,
        normaliser: {
          type: 'Sequence',
          normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }, { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' }, { type: 'Strip' }],
        },
      }),
  ],
  ['unigram without words', () => trainUnigram(CORPUS, { vocabSize: 1400, alphabetSize: 350, preTokenizer: { type: 'Metaspace', split: false } })],
];

describe.each(KINDS)('%s', (_, train) => {
  let tokenizer: SubwordTokenizer;
  let reference: Tokenizer;

  beforeAll(async () => {
    const trained = await train();
    reference = new Tokenizer(JSON.parse(trained.toJson()) as object, { clean_up_tokenization_spaces: false });
    // What was written is read back, so that this is about the file.
    tokenizer = SubwordTokenizer.fromJson(trained.toJson());
  });

  test('encodes 1,000 texts as @huggingface/tokenizers does', () => {
    const differing = TEXTS.filter((text) => !alike(tokenizer, Array.from(tokenizer.encode(text).ids), reference.encode(text).ids));
    expect(differing).toEqual([]);
  });

  test('decodes them as it does', () => {
    for (const text of TEXTS) {
      const ids = Array.from(tokenizer.encode(text).ids);
      if (ids.length > 0) expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(reference.decode(ids));
    }
  });

  test('cuts them into several pieces each', () => {
    const pieces = TEXTS.reduce((sum, text) => sum + tokenizer.encode(text).tokens.length, 0);
    expect(pieces).toBeGreaterThan(5 * TEXTS.length);
  });
});

/** Equal ids; of a unigram model equally probable ones are enough: between these, as in runs of one letter, rounding decides. */
function alike(tokenizer: SubwordTokenizer, ids: readonly number[], others: readonly number[]): boolean {
  if (String(ids) === String(others)) return true;
  const { model } = JSON.parse(tokenizer.toJson()) as TokenizerJson;
  if (model.type !== 'Unigram') return false;
  const logarithm = (some: readonly number[]): number => some.reduce((sum, id) => sum + (model.vocab[id]?.[1] ?? Number.NaN), 0);
  return tokenizer.decode(ids) === tokenizer.decode(others) && Math.abs(logarithm(ids) - logarithm(others)) < 1e-9;
}

test('the reference cannot read what only this library has, and is not asked to', async () => {
  const words = await trainWordLevel(CORPUS, { vocabSize: 500 });
  expect(() => words.toJson()).toThrow('tokenizer pre_tokenizer: Ostinato has no equivalent in a tokenizer.json');
});
