import { describe, expect, test } from 'vitest';
import { DataError, UsageError } from '../../../ts/src/errors.js';
import { Vocabulary, VocabularyBuilder } from '../../../ts/src/text/vocabulary.js';

function count(tokens: Iterable<string>, options?: { lowercase?: boolean }): VocabularyBuilder {
  const builder = new VocabularyBuilder(options);
  builder.addAll(tokens);
  return builder;
}

describe('Vocabulary', () => {
  test('orders by frequency, then first appearance; singletons are a range', () => {
    const vocabulary = count('z b a b c a b d'.split(' ')).build();
    expect([...vocabulary.tokens()]).toEqual(['b', 'a', 'z', 'c', 'd']);
    expect(vocabulary.size).toBe(7);
    expect(vocabulary.id('b')).toBe(2);
    expect(vocabulary.singletons).toEqual({ start: 4, end: 7 });
    expect([4, 5, 6].map((id) => vocabulary.token(id))).toEqual(['z', 'c', 'd']);
  });

  test('strings that were all seen once are all singletons', () => {
    expect(count('b a'.split(' ')).build().singletons).toEqual({ start: 2, end: 4 });
    const none = count('b b'.split(' ')).build({ maxSize: 0 });
    expect([none.size, none.singletons]).toEqual([2, { start: 2, end: 2 }]);
  });

  test('case counts unless told otherwise', () => {
    expect([...count(['Ana', 'ana']).build().tokens()]).toEqual(['Ana', 'ana']);
  });

  test('padding is 0 and unknown 1, whatever the data holds', () => {
    const vocabulary = count(['<pad>', '<unk>', '<unk>', '__proto__', 'constructor']).build();
    expect(vocabulary.id('nothing like it')).toBe(1);
    expect(vocabulary.id('<unk>')).toBe(1);
    expect(vocabulary.id('<pad>')).toBe(2);
    expect(vocabulary.id('__proto__')).toBe(3);
    expect(vocabulary.has('toString')).toBe(false);
    expect(vocabulary.token(0)).toBe('<pad>');
    expect(vocabulary.token(1)).toBe('<unk>');
    expect(() => vocabulary.token(5)).toThrow('expected an id from 0 to 4, given 5');
    expect(() => vocabulary.token(-1)).toThrow(UsageError);
  });

  test('minimum count, maximum size and extra strings', () => {
    const builder = count('a a a b b c'.split(' '));
    const frequent = builder.build({ minCount: 2 });
    expect([...frequent.tokens()]).toEqual(['a', 'b']);
    expect(frequent.singletons).toEqual({ start: 4, end: 4 });
    expect([...builder.build({ maxSize: 1 }).tokens()]).toEqual(['a']);
    const extended = builder.build({ extra: ['b', 'x', '<unk>', 'y'] });
    expect([...extended.tokens()]).toEqual(['a', 'b', 'c', 'x', 'y']);
    // What was never seen is no singleton.
    expect(extended.singletons).toEqual({ start: 4, end: 5 });
    expect(() => builder.build({ minCount: 0 })).toThrow('option minCount');
    expect(() => builder.build({ maxSize: -1 })).toThrow('option maxSize');
  });

  test('lower case applies to counting and to lookup', () => {
    const builder = count(['Ana', 'ANA', 'É'], { lowercase: true });
    expect(builder.count('aNa')).toBe(2);
    const vocabulary = Vocabulary.fromJSON(JSON.parse(JSON.stringify(builder.build())));
    expect([...vocabulary.tokens()]).toEqual(['ana', 'é']);
    expect([...vocabulary.ids(['ANA', 'É', 'b'])]).toEqual([2, 3, 1]);
  });

  test('a string is its code points', () => {
    const characters = count('a🍜a').build();
    expect([...characters.tokens()]).toEqual(['a', '🍜']);
    expect([...characters.ids('🍜ab')]).toEqual([3, 2, 1]);
    expect(characters.ids('')).toHaveLength(0);
  });

  test('an empty vocabulary', () => {
    const vocabulary = new VocabularyBuilder().build();
    expect(vocabulary.size).toBe(2);
    expect(vocabulary.singletons).toEqual({ start: 2, end: 2 });
    expect(vocabulary.id('')).toBe(1);
  });

  test('survives JSON', () => {
    const vocabulary = count('b 🍜 b __proto__ \ud800'.split(' ')).build({ extra: ['x'] });
    const again = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
    expect(again.toJSON()).toEqual(vocabulary.toJSON());
    expect(again.toJSON().tokens).toEqual(['b', '🍜', '__proto__', '\ud800', 'x']);
    expect(again.singletons).toEqual({ start: 3, end: 6 });
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no tokens', { singletons: [2, 2] }],
    ['a token that is no string', { tokens: ['a', 1], singletons: [2, 2] }],
    ['a repetition', { tokens: ['a', 'a'], singletons: [2, 2] }],
    ['singletons beyond the end', { tokens: ['a'], singletons: [2, 4] }],
    ['singletons that are no ids', { tokens: ['a'], singletons: ['2', 3] }],
    ['singletons out of order', { tokens: ['a'], singletons: [3, 2] }],
    ['no singletons', { tokens: ['a'] }],
    ['lowercase that is no boolean', { tokens: ['a'], singletons: [2, 3], lowercase: 1 }],
  ])('refuses JSON with %s', (_, json) => {
    expect(() => Vocabulary.fromJSON(json)).toThrow(DataError);
    expect(() => Vocabulary.fromJSON(json)).toThrow(/^vocabulary\.(tokens|singletons|lowercase): /);
  });
});
