import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DECODER, decoderFrom, type DecoderInput } from '../../../../ts/src/text/subword/decoder.js';

const decode = (json: DecoderInput | null, pieces: string[]): string =>
  decoderFrom(json === null ? null : v.parse(DECODER, json))(pieces).join('');

describe('decoders', () => {
  test.each<[string, DecoderInput | null, string[], string]>([
    ['nothing', null, ['a', 'b'], 'a b'],
    ['ByteLevel', { type: 'ByteLevel' }, ['Ã', '©', 'Ġa'], 'é a'],
    ['ByteLevel, half a character', { type: 'ByteLevel' }, ['Ã', 'a'], '\ufffda'],
    ['ByteLevel, a piece that is no bytes', { type: 'ByteLevel' }, ['Ã©', '中'], 'é中'],
    ['ByteLevel keeps a byte order mark', { type: 'ByteLevel' }, ['ï»¿a'], '\ufeffa'],
    ['ByteFallback', { type: 'ByteFallback' }, ['a', '<0xC3>', '<0xA9>', 'b', '<0x41>'], 'aébA'],
    ['ByteFallback, half a character', { type: 'ByteFallback' }, ['<0xE4>', '<0xB8>', 'a'], '\ufffd\ufffda'],
    ['Fuse', { type: 'Fuse' }, ['a', ' b'], 'a b'],
    ['WordPiece', { type: 'WordPiece' }, ['it', "'", 's', 'un', '##able', ',', 'I', 'do', 'not', '.'], "it ' s unable, I do not."],
    ['WordPiece, as it is', { type: 'WordPiece', cleanup: false, prefix: '@@' }, ['a', '@@b', '!'], 'ab !'],
    ['WordPiece, first piece inside a word', { type: 'WordPiece' }, ['##a', '##b'], '##ab'],
    ['Metaspace', { type: 'Metaspace' }, ['▁a', '▁', '▁b▁c'], 'a  b c'],
    ['Metaspace, spaces at the start', { type: 'Metaspace' }, ['▁▁▁a'], '  a'],
    ['Metaspace, never', { type: 'Metaspace', prepend_scheme: 'never' }, ['▁a', '▁b'], ' a b'],
    ['BPEDecoder', { type: 'BPEDecoder' }, ['lo', 'w</w>', 'a</w>'], 'low a'],
    ['Strip', { type: 'Strip', content: ' ', start: 1, stop: 2 }, ['  a   '], ' a '],
    ['Strip of more than there is', { type: 'Strip', content: ' ', start: 1, stop: 1 }, [' '], ''],
    ['Replace', { type: 'Replace', pattern: { String: '▁' }, content: '$&' }, ['▁a▁'], '$&a$&'],
    ['words', { type: 'Ostinato' }, ['call', '王', '芳', 'at', '3'], 'call 王芳 at 3'],
    [
      "a sequence, Llama's",
      {
        type: 'Sequence',
        decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }],
      },
      ['▁a', '<0xC3>', '<0xA9>', '▁b'],
      'aé b',
    ],
  ])('%s', (_, json, pieces, expected) => {
    expect(decode(json, pieces)).toBe(expected);
  });
});
