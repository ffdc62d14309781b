import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { StopStrings } from '../../../ts/src/generation/stopStrings.js';
import { continuation, Transcript, type Decode } from '../../../ts/src/generation/transcript.js';
import { decoderFrom, type DecoderJson } from '../../../ts/src/text/subword/decoder.js';

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];
const TEXT = 'né 中文 😀👩‍👩‍👧 a\ufeff\u0301z';

/** Ids that are bytes. */
const bytes: Decode = (ids) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(ids));
/** Ids that are bytes, too, in runs of which one wrong byte spoils the rest. */
const fallback: Decode = (ids) => decoderFrom({ type: 'ByteFallback' })(ids.map((id) => `<0x${id.toString(16).padStart(2, '0')}>`)).join('');
/** Ids that are places in a list of pieces; the first one is no text. */
const pieces = (list: string[], json: DecoderJson): Decode => {
  const decoder = decoderFrom(json);
  return (ids) => decoder(ids.filter((id) => id > 0).map((id) => list[id] as string)).join('');
};

function textsOf(decode: Decode, prompt: number[], ids: number[]): string[] {
  const transcript = new Transcript(decode, prompt);
  return [...ids.map((id) => transcript.add(id)), transcript.end()];
}

describe('Transcript', () => {
  test.each([['bytes', bytes], ['fallback bytes', fallback]])('holds back half a character of %s', (_, decode) => {
    const texts = textsOf(decode, [], bytesOf(TEXT));
    expect(texts.join('')).toBe(TEXT);
    expect(texts.filter((text) => text !== '')).toEqual([...TEXT]);
    // Each character comes with its last byte.
    expect(textsOf(decode, bytesOf('é'), bytesOf('😀x'))).toEqual(['', '', '', '😀', 'x', '']);
  });

  test.each([['bytes', bytes], ['fallback bytes', fallback]])('begins after any prompt of %s', (_, decode) => {
    const characters = [...TEXT];
    for (let cut = 0; cut <= characters.length; cut += 1) {
      const [before, after] = [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
      expect(textsOf(decode, bytesOf(before), bytesOf(after)).join('')).toBe(after);
      expect(continuation(decode, bytesOf(before), bytesOf(after))).toBe(after);
    }
  });

  test('gives out what is no character in the end', () => {
    expect(textsOf(bytes, [], [0x61, 0xf0, 0x9f])).toEqual(['a', '', '', '\ufffd']);
    expect(textsOf(bytes, [], [0xf0, 0x9f, 0x61])).toEqual(['', '', '\ufffda', '']);
    expect(textsOf(bytes, [], [0x80, 0x80, 0x80, 0x80, 0x80])).toEqual(['', '', '', '\ufffd\ufffd\ufffd\ufffd', '', '\ufffd']);
    expect(textsOf(fallback, [], [0xe4, 0x61, 0x62])).toEqual(['', '', '', '\ufffd\ufffd\ufffd']);
  });

  test('joins words and pieces as the whole text does', () => {
    const list = ['<s>', '▁a', '▁b', 'c', '▁', '。', '中'];
    const metaspace: DecoderJson = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
    const random = new Random(6);
    for (const json of [metaspace, { type: 'Ostinato' }, { type: 'WordPiece', prefix: '▁', cleanup: true }, { type: 'BPEDecoder', suffix: 'c' }] as DecoderJson[]) {
      const decode = pieces(list, json);
      for (let round = 0; round < 200; round += 1) {
        const all = Array.from({ length: random.below(14) }, () => random.below(list.length));
        const cut = random.below(all.length + 1);
        const [prompt, ids] = [all.slice(0, cut), all.slice(cut)];
        expect(textsOf(decode, prompt, ids).join(''), `${json.type} ${prompt} | ${ids}`).toBe(decode(all).slice(decode(prompt).length));
        expect(continuation(decode, prompt, ids)).toBe(decode(all).slice(decode(prompt).length));
      }
    }
  });

  test('knows that a text has begun behind tokens that are none', () => {
    const decode = pieces(['<s>', '▁a'], { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true });
    expect(textsOf(decode, [0], [1, 1])).toEqual(['a', ' a', '']);
    expect(textsOf(decode, [1, 0, 0, 0, 0, 0, 0], [1])).toEqual([' a', '']);
    expect(textsOf(decode, [1], [0, 1, 0, 0, 1])).toEqual(['', ' a', '', '', ' a', '']);
  });
});

describe('StopStrings', () => {
  const passed = (stops: string[], texts: string[]): { texts: string[]; stopped: boolean } => {
    const strings = new StopStrings(stops);
    const given: string[] = [];
    for (const text of texts) {
      const found = strings.add(text);
      given.push(found.text);
      if (found.stopped) return { texts: given, stopped: true };
    }
    return { texts: [...given, strings.end()], stopped: false };
  };

  test('hold back what may become one', () => {
    expect(passed(['END'], ['a', 'E', 'N', 'x', 'E'])).toEqual({ texts: ['a', '', '', 'ENx', '', 'E'], stopped: false });
    expect(passed(['END'], ['aE', 'EN', 'Db'])).toEqual({ texts: ['a', 'E', ''], stopped: true });
    expect(passed(['aab'], ['a', 'a', 'a', 'b'])).toEqual({ texts: ['', '', 'a', ''], stopped: true });
    expect(passed(['\n\n', 'Q:'], ['x\n', 'Q', ':'])).toEqual({ texts: ['x', '\n', ''], stopped: true });
  });

  test('end a text with the first of them', () => {
    expect(passed(['c', 'b'], ['abc'])).toEqual({ texts: ['a'], stopped: true });
    expect(passed([], ['abc'])).toEqual({ texts: ['abc', ''], stopped: false });
  });

  test('do not depend on where the text is cut', () => {
    const random = new Random(12);
    for (let round = 0; round < 500; round += 1) {
      const word = (most: number): string => Array.from({ length: 1 + random.below(most) }, () => 'ab'.charAt(random.below(2))).join('');
      const [text, stop] = [word(20), word(4)];
      const { texts, stopped } = passed([stop], [...text]);
      expect([texts.join(''), stopped]).toEqual([text.split(stop)[0], text.includes(stop)]);
    }
  });
});
