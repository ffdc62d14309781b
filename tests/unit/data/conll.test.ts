import { describe, expect, test } from 'vitest';
import { readConll, type ConllOptions } from '../../../ts/src/data/conll.js';
import { collect, dataErrorOf } from './collect.js';

const brief = async (text: string, options?: ConllOptions): Promise<string[]> =>
  (await collect(readConll(text, options))).map(
    ({ tokens, tags, line }) => `${line}: ${tokens.map((token, at) => `${token}/${tags[at]}`).join(' ')}`,
  );

describe('readConll', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['blank lines alone', '\n \n\t\n', []],
    ['spaces', 'Ana B-PER\nsings O\n\nBob B-PER\n', ['1: Ana/B-PER sings/O', '4: Bob/B-PER']],
    ['tabs', 'New York\tB-LOC\n!\tO', ['1: New York/B-LOC !/O']],
    ['several spaces, and some behind', 'Ana   B-PER  \nsings O', ['1: Ana/B-PER sings/O']],
    ['lines that look blank', 'Ana B-PER\n\t\nBob B-PER\n   \nEva B-PER', ['1: Ana/B-PER', '3: Bob/B-PER', '5: Eva/B-PER']],
    ['CRLF and a byte order mark', '\ufeffAna B-PER\r\n\r\nBob B-PER\r\n', ['1: Ana/B-PER', '3: Bob/B-PER']],
    ['four columns', 'EU NNP B-NP B-ORG\nsays VBZ B-VP O', ['1: EU/B-ORG says/O']],
    ['documents', '-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\n-DOCSTART- -X- -X- O\nHe PRP B-NP O', ['3: EU/B-ORG', '5: He/O']],
    ['a document mark alone', '-DOCSTART-\na O', ['2: a/O']],
    ['Chinese in BMES', '常 B-NAME\n建 M-NAME\n良 E-NAME\n， O\n', ['1: 常/B-NAME 建/M-NAME 良/E-NAME ，/O']],
    ['an ideographic space as a token', '\u3000 O\n中 S-A', ['1: \u3000/O 中/S-A']],
    ['a no-break space as a token', '\u00a0\tO', ['1: \u00a0/O']],
    ['a space as a token before a tab', ' \tO', ['1:  /O']],
    ['Arabic, Korean, emoji', 'عمان B-LOC\n서울 B-LOC\n👩‍🍳 O', ['1: عمان/B-LOC 서울/B-LOC 👩‍🍳/O']],
    ['comments', '# sent_id = 1\n# text = A O\nA O\n\n# plain words\n#\nB O', ['3: A/O', '7: B/O']],
    ['a comment before the first row', '# made by hand\nA O', ['2: A/O']],
    ['a comment of another width that ends like a tag', 'A O\n\n# so spoke O\nB O', ['1: A/O', '4: B/O']],
    ['a comment in a file with tabs', 'A\tO\n\n# O\n# B O\nC\tO', ['1: A/O', '5: C/O']],
    ['the token # by itself', '# O\n1 O\n\n#\tO\n1\tO', ['1: #/O 1/O', '4: #/O 1/O']],
    ['a token that starts with # and a space', '# 1\tB-X', ['1: # 1/B-X']],
    ['the token # in a sentence', 'see O\n# O\n3 O', ['1: see/O #/O 3/O']],
    ['a hash tag', '#win B-X', ['1: #win/B-X']],
    ['types with hyphens', 'Rick B-creative-work', ['1: Rick/B-creative-work']],
  ])('%s', async (_, text, expected) => {
    expect(await brief(text)).toEqual(expected);
  });

  test('columns can be chosen', async () => {
    const text = '1\tAna\tPER\tB-PER\t_\n2\tsings\tX\tO\t_';
    expect(await brief(text, { tokenColumn: 1, tagColumn: -2 })).toEqual(['1: Ana/B-PER sings/O']);
    const error = await dataErrorOf(brief(text, { tagColumn: 5 }));
    expect(error.message).toBe('line 1: there is no column 5 among 5');
  });

  test('carries the name of the source', async () => {
    expect(await collect(readConll('a O', { name: 'x.conll' }))).toEqual([
      { tokens: ['a'], tags: ['O'], line: 1, source: 'x.conll' },
    ]);
    expect(await collect(readConll('a O'))).toEqual([{ tokens: ['a'], tags: ['O'], line: 1 }]);
  });

  test.each([
    ['a row without a tag', 'a O\nb O\n\nc', 'x:4: expected a token and a tag, found one column, "c"'],
    ['a hash alone within a sentence', 'a O\n#\n', 'x:2: expected a token and a tag, found one column, "#"'],
    ['a comment within a sentence', 'a O\n# one two\n', 'x:2: expected 2 columns, as on line 1, found 3: "# one two"'],
    ['another number of columns', 'a O\n\nNew York B-LOC', 'x:3: expected 2 columns, as on line 1, found 3: "New York B-LOC"'],
    ['no token before a tab', 'a\tO\n\tO', 'x:2: the token is empty'],
    ['no token before a space', 'a O\n O', 'x:2: the token is empty'],
    ['a line number behind CRLFs', 'a O\r\n\r\nb\r\n', 'x:3: expected a token and a tag, found one column, "b"'],
  ])('refuses %s', async (_, text, message) => {
    const error = await dataErrorOf(brief(text, { name: 'x' }));
    expect(error.message).toBe(message);
    expect(error.code).toBe('bad_row');
  });

  test('sentences come as soon as they are complete', async () => {
    let sent = 0;
    async function* source(): AsyncGenerator<string> {
      for (const chunk of ['a O\n', '\nb', ' O\n\n', 'c O\n\n']) {
        sent += 1;
        yield chunk;
      }
    }
    const reader = readConll(source());
    expect((await reader.next()).value?.tokens).toEqual(['a']);
    expect(sent).toBe(2);
    expect((await reader.next()).value?.tokens).toEqual(['b']);
    expect(sent).toBe(3);
  });
});
