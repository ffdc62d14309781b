import { describe, expect, test } from 'vitest';
import { detectClassifiedFormat, readClassified, type ClassifiedFormat, type ClassifiedOptions } from '../../../ts/src/data/classified.js';
import { UsageError } from '../../../ts/src/errors.js';
import { collect, dataErrorOf } from './collect.js';

/** Label and text of each example. */
async function pairs(text: string | Uint8Array, options: ClassifiedOptions = {}): Promise<unknown[]> {
  const examples = await collect(readClassified(text, options));
  return examples.map((example) => ['label' in example ? example.label : example.labels, example.text]);
}

async function messageOf(text: string, options: ClassifiedOptions = {}): Promise<string> {
  return (await dataErrorOf(pairs(text, { name: 'x', ...options }))).message;
}

describe('detectClassifiedFormat', () => {
  test.each<[ClassifiedFormat, string, string | undefined]>([
    ['jsonl', '{"text": "a", "label": "x"}', undefined],
    ['jsonl', '{"text": "a, b", "label": "x"}', 'a.csv'],
    ['fasttext', '__label__x some text', undefined],
    ['fasttext', 'some text __label__x', 'a.txt'],
    ['csv', 'anything', 'a.csv'],
    ['csv', 'anything', 'folder.d/A.CSV.gz'],
    ['tsv', 'anything', 'a.tsv'],
    ['tsv', 'ham\tHello\nspam\tWin, now', undefined],
    ['lines', '1 good\n0 bad', 'a.txt'],
    ['lines', '-1 good, is it\n+1 bad', undefined],
    ['lines', 'DESC:manner How ?\nENTY:cremat What ?', 'train_5500.label'],
    ['lines', 'ham a b\nspam c\nham d, e\nspam f', undefined],
    ['csv', 'text,label\n"a, b",x\nc,x', undefined],
    ['csv', 'ham;Hello\nspam;Win', 'a.data'],
    ['csv', 'ham|Hello, you\nspam|Win', undefined],
    ['csv', '"a b",x\n"c d\ne, f",y', undefined],
  ])('%s: %j in %s', (format, text, name) => {
    expect(detectClassifiedFormat(text.split('\n'), name)).toBe(format);
  });

  test('says what it looked for', () => {
    expect(() => detectClassifiedFormat(['just some words', 'and others'], 'a.txt')).toThrow(
      /^a\.txt:1: unknown data format: expected CSV, TSV, JSON Lines .* fastText .* lines .*; found "just some words"$/,
    );
    expect(() => detectClassifiedFormat([])).toThrow('found ""');
    expect(() => detectClassifiedFormat(['ham a', 'spam b', 'ham c'])).toThrow('unknown data format');
    expect(() => detectClassifiedFormat(['ham', 'spam', 'ham', 'spam'])).toThrow('unknown data format');
  });
});

describe('rows', () => {
  test('csv with names: quotes, delimiters and line ends in fields, lines counted from the start', async () => {
    const text = '\ufeffid,Text ,label\r\n1,"a ""b"", c",x\r\n\r\n2,"two\r\nlines\n\nand an end",y\n3,5" and 6" pipes,x\n';
    expect(await collect(readClassified(text, { name: 'a.csv' }))).toEqual([
      { text: 'a "b", c', label: 'x', line: 2, source: 'a.csv' },
      { text: 'two\nlines\n\nand an end', label: 'y', line: 4, source: 'a.csv' },
      { text: '5" and 6" pipes', label: 'x', line: 8, source: 'a.csv' },
    ]);
  });

  test.each<[string, string, ClassifiedOptions]>([
    ['known names', 'label,text\nx,a\ny,b', {}],
    ['known names in any case', 'Sentiment,REVIEW\nx,a\ny,b', {}],
    ['one known name of two', 'foo,text\nx,a\ny,b', {}],
    ['the other known name', 'intent,what they said\nx,a\ny,b', {}],
    ['the likelier of several', 'title,text,label\nno,a,x\nno,b,y', {}],
    ['names asked for', 'one,two,three\na,no,x\nb,no,y', { textColumn: 'ONE', labelColumn: 'three' }],
    ['numbers', 'no,a,x\nno,b,y', { textColumn: 1, labelColumn: -1 }],
    ['numbers under names', 'n,text,label\nno,a,x\nno,b,y', { textColumn: 1, labelColumn: 2 }],
    ['the other of two', 'x,a\ny,b', { labelColumn: 0 }],
    ['names that are not known', 'v1,v2\nx,a\ny,b', { header: true, labelColumn: 0 }],
    ['semicolons', 'text;label\na;x\nb;y', {}],
    ['bars', 'text|label\na|x\nb|y', {}],
    ['any character', 'text~label\na~x\nb~y', { delimiter: '~' }],
    ['white space about a label', 'text,label\na, x\nb,y ', {}],
  ])('%s', async (_, text, options) => {
    expect(await pairs(text, { format: 'csv', ...options })).toEqual([['x', 'a'], ['y', 'b']]);
  });

  test('without names, the column of fewer values is the label', async () => {
    const first = 'ham\tso, "it" goes\nham\tWin a "cruise\nspam\tlater';
    expect(await pairs(first)).toEqual([['ham', 'so, "it" goes'], ['ham', 'Win a "cruise'], ['spam', 'later']]);
    expect(await pairs('one two,x\nthree four,x')).toEqual([['x', 'one two'], ['x', 'three four']]);
    expect(await pairs('a long one,x\nanother one,y')).toEqual([['x', 'a long one'], ['y', 'another one']]);
    expect(await pairs('question,Who is he?\ntitle,A life', { format: 'csv' })).toEqual([['question', 'Who is he?'], ['title', 'A life']]);
    expect(await pairs('text,label\na,x', { header: false, textColumn: 0 })).toEqual([['label', 'text'], ['x', 'a']]);
  });

  test('quotes in tsv are text; as csv with tabs they are quotes', async () => {
    const text = 'label\ttext\nx\t"a ""b"""\n';
    expect(await pairs(text, { name: 'a.tsv' })).toEqual([['x', '"a ""b"""']]);
    expect(await pairs(text, { delimiter: '\t' })).toEqual([['x', 'a "b"']]);
  });

  test.each<[string, string, ClassifiedOptions, string]>([
    ['too few fields', 'text,label\na,x\n\n"b\nc"', {}, 'x:4: expected 2 fields, as on line 1, found 1: "b\\nc"'],
    ['too many', 'text,label\na,b,x', {}, 'x:2: expected 2 fields, as on line 1, found 3: "a,b,x"'],
    ['a quote never closed', 'text,label\na,x\n"b,x\nc,x\nd,x', {}, 'x:3: a field starts with a quote that is never closed'],
    ['text behind a quote', 'text,label\n"a\nb","c" d\n', {}, 'x:3: a field in quotes goes on behind its closing quote; a quote inside such a field is written twice'],
    ['no such name', 'text,label\na,x', { textColumn: 'body' }, 'x:1: textColumn: there is no column "body"; the columns are "text", "label"'],
    ['no such number', 'text,label\na,x', { labelColumn: 2 }, 'x:1: labelColumn: there is no column 2; the columns are "text", "label"'],
    ['no such number without names', 'a b,x', { labelColumn: -3 }, 'x:1: labelColumn: there is no column -3; the columns are 0 ("a b"), 1 ("x")'],
    ['texts unknown', 'id,label,foo\n1,x,a', {}, 'x:1: expected a column of texts; say which it is with textColumn; the columns are "id", "label", "foo"'],
    ['labels unknown', '1,x y,a', { textColumn: 1 }, 'x:1: expected a column of labels; say which it is with labelColumn; the columns are 0 ("1"), 1 ("x y"), 2 ("a")'],
    ['one column', 'text\na', {}, 'x:1: expected a column of labels; say which it is with labelColumn; the columns are "text"'],
    ['one column for both', 'a,x', { textColumn: 0, labelColumn: -2 }, 'x:1: expected texts and labels in two columns, given 0 for both; the columns are 0 ("a"), 1 ("x")'],
    ['no label', 'text,label\na,x\nb,\n', {}, 'x:3: expected one label, found none'],
  ])('refuses %s', async (_, text, options, message) => {
    expect(await messageOf(text, { format: 'csv', ...options })).toBe(message);
  });

  test('many open quotes take linear time', async () => {
    const begun = performance.now();
    const field = `${'a ""b"" c\n'.repeat(50_000)}`;
    expect(await pairs(`text,label\n"${field}",x\n`)).toEqual([['x', field.replaceAll('""', '"')]]);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe('records', () => {
  test('known keys, keys asked for, numbers and what an annotator turned down', async () => {
    const lines = [
      { text: 'a', label: 'x', line: 7 },
      { label: 1, title: 'no', sentence: 'b' },
      { text: 'c', class: true, answer: 'accept' },
      { text: 'no', label: 'x', answer: 'reject' },
      { text: 'd', labels: ['y'] },
      { text: 'e', intent: 'z', entities: [] },
    ].map((line) => JSON.stringify(line)).join('\n\n');
    expect(await pairs(lines)).toEqual([['x', 'a'], ['1', 'b'], ['true', 'c'], ['y', 'd'], ['z', 'e']]);
    expect(await pairs('{"a":"b","c":"d","text":"no"}', { textColumn: 'a', labelColumn: 'c' })).toEqual([['d', 'b']]);
    expect(await collect(readClassified('\n{"text":"a","label":"x"}', { name: 'f' }))).toEqual([{ text: 'a', label: 'x', line: 2, source: 'f' }]);
  });

  test.each<[string, string, ClassifiedOptions, string]>([
    ['what is no JSON', '{"text": "a", ', {}, 'x:1: not JSON: '],
    ['an array', '[\n{"text": "a"}]', { format: 'jsonl' }, 'x:1: expected one JSON object a line, found the start of an array'],
    ['no text', '{"id":1,"label":"x"}', {}, 'x:1: expected a key that holds the text; say which it is with textColumn; given an object with id, label'],
    ['no label', '{"text":"a"}', {}, 'x:1: expected a key that holds the label; say which it is with labelColumn; given an object with text'],
    ['no such key', '{"text":"a","label":"x"}', { labelColumn: 'toString' }, 'x:1: expected a key that holds the label;'],
    ['a text that is none', '{"text":5,"label":"x"}', {}, 'x:1: text: expected a string, given 5'],
    ['a label that is none', '{"text":"a","label":null}', {}, 'x:1: label: expected a label, a string or a number, given null'],
    ['spans', '{"text":"a","label":[[0,1,"X"]]}', {}, 'x:1: label[0]: expected a label, a string or a number, given an array of 3'],
    ['several labels', '{"text":"a","label":["x","y"]}', {}, 'x:1: expected one label, found 2; any number takes multi, and a classifier of kind multi'],
  ])('refuses %s', async (_, text, options, message) => {
    expect(await messageOf(text, options)).toContain(message);
  });
});

describe('labels in front', () => {
  test('SST, TREC and fastText', async () => {
    expect(await pairs('1 a stirring , funny film\n\n0  bad\t\n')).toEqual([['1', 'a stirring , funny film'], ['0', 'bad']]);
    const trec = Uint8Array.from('ENTY:animal What is a caf\xe9 ?\nDESC:manner How ?\n', (character) => character.charCodeAt(0));
    expect(await pairs(trec, { encoding: 'iso-8859-1' })).toEqual([['ENTY:animal', 'What is a café ?'], ['DESC:manner', 'How ?']]);
    expect(await pairs(trec, { encoding: 'latin1', coarse: true })).toEqual([['ENTY', 'What is a café ?'], ['DESC', 'How ?']]);
    expect(await pairs('__label__x a b\n__label__y\tc __label\n')).toEqual([['x', 'a b'], ['y', 'c __label']]);
    expect(await pairs('a b __label__x\n__label__y,z')).toEqual([['x', 'a b'], ['y,z', '']]);
  });

  test.each<[string, string, ClassifiedOptions, string]>([
    ['a word alone', '1 a\n0\n', { format: 'lines' }, 'x:2: expected a label, a space and a text, found "0"'],
    ['a line without a text, where the others tell the format', '1 a\n0\n', {}, 'x:2: expected a label, a space and a text, found "0"'],
    ['two labels', '__label__a __label__b text', {}, 'x:1: expected one label, found 2; any number takes multi, and a classifier of kind multi'],
    ['no label', '__label__a text\n\ntext', {}, 'x:3: expected one label, found none'],
  ])('refuses %s', async (_, text, options, message) => {
    expect(await messageOf(text, options)).toBe(message);
  });
});

describe('several labels', () => {
  test('in every format', async () => {
    const expected = [[['x', 'y'], 'a'], [['y'], 'b'], [[], 'c']];
    expect(await pairs('__label__x __label__y a\n__label__y b\nc', { multi: true })).toEqual(expected);
    expect(await pairs('text,label\na,"x, y"\nb,y\nc,', { multi: true })).toEqual(expected);
    expect(await pairs('text,label\na,x|y|x\nb,y\nc,""', { multi: true, labelSeparator: '|' })).toEqual(expected);
    expect(await pairs('{"text":"a","labels":["x","y"]}\n{"text":"b","labels":"y"}\n{"text":"c","labels":[]}', { multi: true })).toEqual(expected);
  });
});

describe('readClassified', () => {
  test('reads past the rows that it looked at', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => `${row % 2} text ${row}`);
    expect(await pairs(rows.join('\n'))).toEqual(rows.map((row, index) => [String(index % 2), row.slice(2)]));
    expect(await pairs(`text,label\n${rows.map((row) => `${row.slice(2)},${row[0]}`).join('\n')}`)).toHaveLength(300);
  });

  test('empty and blank sources have no examples', async () => {
    for (const text of ['', '\n \n\n']) expect(await pairs(text)).toEqual([]);
    expect(await pairs('text,label\n', { name: 'a.csv' })).toEqual([]);
  });

  test.each<[string, ClassifiedOptions]>([
    ['option format: expected csv, tsv, jsonl, fasttext or lines, given "xml"', { format: 'xml' as 'csv' }],
    ['option delimiter: expected a character other than a quote, given "\\""', { delimiter: '"' }],
    ['option delimiter: expected a character other than a quote, given ",,"', { delimiter: ',,' }],
    ['option delimiter: expected none with format jsonl, given ","', { delimiter: ',', format: 'jsonl' }],
    ['option textColumn: expected a name, or a number from 0, given 1.5', { textColumn: 1.5 }],
    ['option multi: expected true or false, given "yes"', { multi: 'yes' as unknown as true }],
    ['option columns: there is no such option', { columns: 1 } as ClassifiedOptions],
    ['option encoding: expected a name of the Encoding Standard that this host knows, such as utf-8 or iso-8859-1, given "utf-9"', { encoding: 'utf-9' }],
  ])('%s', async (message, options) => {
    const work = pairs('a,x', options);
    await expect(work).rejects.toThrow(UsageError);
    await expect(work).rejects.toThrow(message);
  });

  test('stopping early cancels the source', async () => {
    let finished = false;
    async function* source(): AsyncGenerator<string> {
      try {
        for (;;) yield 'a text,x\n';
      } finally {
        finished = true;
      }
    }
    for await (const { label } of readClassified(source())) {
      expect(label).toBe('x');
      break;
    }
    expect(finished).toBe(true);
  });
});
