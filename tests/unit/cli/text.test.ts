import { describe, expect, test } from 'vitest';
import { defaultModelPath } from '../../../ts/src/cli/files.js';
import { nextCommand } from '../../../ts/src/cli/invocation.js';
import { flagOf } from '../../../ts/src/cli/option.js';
import { count, duration, percent, table } from '../../../ts/src/cli/output.js';

describe('numbers for people', () => {
  test.each([[0, '0 s'], [59.4, '59 s'], [59.6, '1 min 00 s'], [125, '2 min 05 s'], [3599, '59 min 59 s'], [3600, '1 h 00 min'], [7384, '2 h 03 min']])(
    '%d seconds',
    (seconds, text) => expect(duration(seconds)).toBe(text),
  );

  test('counts and rates', () => {
    expect([count(999), count(1234567.8), percent(0.93329), percent(0)]).toEqual(['999', '1,234,568', '93.33 %', '0.00 %']);
  });

  test('columns', () => {
    expect(table([['type', 'F1', ''], ['A', '93.00 %', ''], ['LONG', '1', 'kept']])).toEqual([
      'type       F1', 'A     93.00 %', 'LONG        1  kept',
    ]);
    expect(table([])).toEqual([]);
  });
});

describe('names', () => {
  test.each([['data/train.jsonl', 'train'], ['/x/y.z/ner.bmes', 'ner'], ['noext', 'noext'], ['a.b.conll', 'a.b'], ['a.csv.gz', 'a'], ['data/spam/', 'spam'], ['-', 'tagger'], ['.conll', 'tagger']])(
    'a model of %s',
    (data, name) => expect(defaultModelPath(data, 'tagger')).toBe(`${name}.ostinato.safetensors`),
  );

  test('of options', () => {
    expect(['hiddenSize', 'seed', 'characterEmbeddingSize'].map(flagOf)).toEqual(['--hidden-size', '--seed', '--character-embedding-size']);
  });

  test('of the next command, as this one was called', () => {
    expect(nextCommand(['tag', 'm.st'], {})).toBe('ostinato tag m.st');
    expect(nextCommand(['tag', 'm.st'], { npm_lifecycle_event: 'ostinato' })).toBe('npm run -s ostinato -- tag m.st');
    expect(nextCommand(['tag', 'm.st'], { npm_lifecycle_event: 'npx', npm_command: 'exec' })).toBe('npx ostinato tag m.st');
    expect(nextCommand(['tag', "my ana's.st"], {})).toBe("ostinato tag 'my ana'\\''s.st'");
  });
});
