import { typeChinese, typeEnglish } from './casual.mjs';
import { chinese } from './chinese/index.mjs';
import { english } from './english/index.mjs';
import { Grammar } from './grammar.mjs';
import { Random } from './random.mjs';
import { fingerprint, sentenceOf, shapeOf } from './sentence.mjs';

/** How many sentences the grammar writes of each intent, in each language. */
const quota = { create: 540, move: 340, cancel: 300, ask: 410, remind: 410 };

/**
 * The grammar's sentences, distinct from each other and from the hand-written ones, and none in the shape of a test sentence.
 * The same seed gives the same sentences on every host.
 */
export function generate(seed, handwritten, test) {
  const random = new Random(seed);
  const seen = new Set([...handwritten, ...test].map(({ text }) => fingerprint(text)));
  const reserved = new Set(test.map(shapeOf));
  const sentences = [];
  for (const [language, type] of [[english, typeEnglish], [chinese, typeChinese]]) {
    const grammar = new Grammar([...language.rules, language.intents]);
    for (const [intent, count] of Object.entries(quota)) {
      const deck = [];
      for (let written = 0; written < count; ) {
        // Every template comes up before any comes up again.
        if (deck.length === 0) deck.push(...random.shuffle(grammar.templates(intent)));
        const sentence = sentenceOf(type(grammar, grammar.expand(deck.pop(), random), random), intent);
        const key = fingerprint(sentence.text);
        if (seen.has(key) || reserved.has(shapeOf(sentence))) continue;
        seen.add(key);
        sentences.push(sentence);
        written += 1;
      }
    }
  }
  return sentences;
}
