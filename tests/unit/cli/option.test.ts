import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addOptions, gather } from '../../../ts/src/cli/option.js';
import { BEAM_SEARCH_OPTIONS, GENERATION_OPTIONS } from '../../../ts/src/generation/options.js';

const TABLE = { ...GENERATION_OPTIONS, ...BEAM_SEARCH_OPTIONS };

async function typed(...given: string[]): Promise<object> {
  const command = addOptions(new Command(), TABLE).exitOverride().configureOutput({ writeErr: () => undefined });
  return gather(command.parse(given, { from: 'user' }), TABLE, []);
}

describe('options of generation', () => {
  test('can be typed', async () => {
    expect(await typed('--temperature', '0.8', '--top-k', '40', '--seed', '3', '--no-repeat-ngram', '4', '--no-early-stopping')).toEqual({
      temperature: 0.8, topK: 40, seed: 3, noRepeatNgram: 4, earlyStopping: false,
    });
    expect(await typed('--stop', '\\n\\n', '--bad-words', 'foo, bar', '--forced-prefix', 'a\\tb', '--early-stopping')).toEqual({
      stop: '\n\n', badWords: ['foo', ' bar'], forcedPrefix: 'a\tb', earlyStopping: true,
    });
  });

  test.each([['--top-p', '2'], ['--stop', ''], ['--bad-words', 'a,,b']])('%s takes no %j', async (flag, value) => {
    await expect(typed(flag, value)).rejects.toThrow(/expected (a number from 0 to 1|a text or an array of texts|an array of texts or of arrays of ids)/);
  });
});
