import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WITHOUT_DATA } from '../../../scripts/testing/tally.mjs';
import { dataFolder } from '../../../scripts/setup/project.mjs';
import { readClassified, type ClassifiedOptions } from '../../../ts/src/data/classified.js';
import { isTaggedText, type TaggedTokens } from '../../../ts/src/data/example.js';
import { readExamples } from '../../../ts/src/data/format.js';
import { scoreEntities } from '../../../ts/src/metrics/entity.js';
import { detectScheme } from '../../../ts/src/text/schemeDetection.js';
import { convertTags, decodeTags } from '../../../ts/src/text/tagScheme.js';

/**
 * Counted with grep and awk. Entities are first tags (B and S), and two more in `train.bmes`, where
 * a sentence ends inside an entity and the next starts with the rest of it.
 */
const CORPORA = [
  { file: 'resume-ner/train.bmes', scheme: 'BMES', sentences: 3821, tokens: 124_099, entities: 13_440 },
  { file: 'resume-ner/dev.bmes', scheme: 'BMES', sentences: 463, tokens: 13_890, entities: 1497 },
  { file: 'resume-ner/test.bmes', scheme: 'BMES', sentences: 477, tokens: 15_100, entities: 1630 },
  { file: 'wnut17/train.conll', scheme: 'BIO', sentences: 3394, tokens: 62_730, entities: 1975 },
  { file: 'wnut17/dev.conll', scheme: 'BIO', sentences: 1009, tokens: 15_733, entities: 836 },
  { file: 'wnut17/test.conll', scheme: 'BIO', sentences: 1287, tokens: 23_394, entities: 1079 },
  { file: 'handbook-ner/en.conll', scheme: 'BIO', sentences: 7719, tokens: 179_630, entities: 5480 },
  { file: 'handbook-ner/zh.conll', scheme: 'BIO', sentences: 5097, tokens: 155_236, entities: 3195 },
] as const;

describe.each(CORPORA)('$file', ({ file, scheme, ...counts }) => {
  const path = join(dataFolder, file);

  test.skipIf(!existsSync(path))(`reads whole ${WITHOUT_DATA}`, async () => {
    const sentences: TaggedTokens[] = [];
    for await (const example of readExamples(createReadStream(path), { name: file })) {
      if (isTaggedText(example)) throw new Error('expected tokens');
      sentences.push(example);
    }
    const tags = sentences.map((sentence) => sentence.tags);
    expect(detectScheme(sentences)).toBe(scheme);
    expect(sentences).toHaveLength(counts.sentences);
    expect(tags.flat()).toHaveLength(counts.tokens);
    expect(tags.reduce((sum, each) => sum + decodeTags(each).length, 0)).toBe(counts.entities);

    const converted = tags.map((each) => convertTags(each, 'BIOES'));
    const restored = converted.map((each) => convertTags(each, scheme));
    expect(scoreEntities(tags, restored).f1).toBe(1);
  });
});

/** Counted in Python. */
const CLASSIFIED: { file: string; options?: ClassifiedOptions; texts: number; classes: number; characters: number }[] = [
  { file: 'sst2/train.txt', texts: 6920, classes: 2, characters: 717_999 },
  { file: 'sst2/dev.txt', texts: 872, classes: 2, characters: 91_778 },
  { file: 'sst2/test.txt', texts: 1821, classes: 2, characters: 188_087 },
  { file: 'trec/train.txt', options: { encoding: 'iso-8859-1' }, texts: 5452, classes: 6, characters: 276_046 },
  { file: 'trec/test.txt', options: { encoding: 'iso-8859-1' }, texts: 500, classes: 6, characters: 17_979 },
  { file: 'debian-descriptions/train.tsv', options: { textColumn: 3, labelColumn: 1 }, texts: 28_079, classes: 58, characters: 10_526_168 },
  { file: 'debian-descriptions/dev.tsv', options: { textColumn: 3, labelColumn: 1 }, texts: 1562, classes: 51, characters: 596_341 },
];

describe.each(CLASSIFIED)('$file', ({ file, options, ...counts }) => {
  const path = join(dataFolder, file);

  test.skipIf(!existsSync(path))(`reads whole ${WITHOUT_DATA}`, async () => {
    let texts = 0;
    let characters = 0;
    const classes = new Set<string>();
    for await (const { text, label } of readClassified(createReadStream(path), { name: file, ...options, multi: false })) {
      texts += 1;
      characters += [...text].length;
      classes.add(label);
    }
    expect({ texts, classes: classes.size, characters }).toEqual(counts);
  });
});
