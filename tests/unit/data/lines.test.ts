import { describe, expect, test } from 'vitest';
import { readLines } from '../../../ts/src/data/lines.js';
import type { TextSource } from '../../../ts/src/data/source.js';
import { Random } from '../../../ts/src/data/random.js';
import { UsageError } from '../../../ts/src/errors.js';
import { collect, dataErrorOf } from './collect.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function texts(source: TextSource): Promise<string[]> {
  const lines = await collect(readLines(source));
  expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1));
  return lines.map((line) => line.text);
}

async function* chunks(parts: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* parts;
}

function streamOf(parts: readonly Uint8Array[], onCancel = (): void => {}): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const part = parts[next];
      next += 1;
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
    cancel: onCancel,
  });
}

describe('readLines', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['one line without an end', 'a', ['a']],
    ['LF', 'a\nb\n', ['a', 'b']],
    ['CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['both', 'a\r\nb\nc', ['a', 'b', 'c']],
    ['empty lines', '\n\r\na\n\n', ['', '', 'a', '']],
    ['a byte order mark', '\ufeffa\nb', ['a', 'b']],
    ['a byte order mark alone', '\ufeff', ['']],
    ['a byte order mark further on', 'a\n\ufeffb', ['a', '\ufeffb']],
    ['a lone CR', 'a\rb\n\rc', ['a\rb', '\rc']],
    ['a CR at the end', 'a\r', ['a']],
    ['other line ends are text', 'a\u2028b\u0085c', ['a\u2028b\u0085c']],
    ['many writings', '王芳\n한국어\nعربي\n🍜👩‍🍳', ['王芳', '한국어', 'عربي', '🍜👩‍🍳']],
  ])('%s, as a string, as bytes, and in chunks cut anywhere', async (_, text, expected) => {
    const bytes = encode(text);
    expect(await texts(text)).toEqual(expected);
    expect(await texts(bytes)).toEqual(expected);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      // Two chunks cut inside characters and CRLFs, then single bytes behind the cut.
      expect(await texts(chunks([bytes.subarray(0, cut), bytes.subarray(cut)]))).toEqual(expected);
      const single = Array.from(bytes.subarray(cut), (byte) => Uint8Array.of(byte));
      expect(await texts(chunks([bytes.subarray(0, cut), ...single]))).toEqual(expected);
    }
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(await texts(chunks([text.slice(0, cut), text.slice(cut)]))).toEqual(expected);
    }
  });

  test('every kind of source', async () => {
    const text = '\ufeffone\r\nzwei 🍜\n三';
    const expected = ['one', 'zwei 🍜', '三'];
    const bytes = encode(text);
    expect(await texts(new Blob([text]))).toEqual(expected);
    expect(await texts(streamOf([bytes.subarray(0, 15), bytes.subarray(15)]))).toEqual(expected);
    expect(await texts(new Response(text).body as ReadableStream<Uint8Array>)).toEqual(expected);
    expect(await texts(chunks([...text]))).toEqual(expected);
    expect(await texts(Buffer.from(text))).toEqual(expected);
  });

  test('strings and bytes in turn', async () => {
    expect(await texts(chunks(['a', encode('b'), 'c\nd', encode('é\n'), 'e']))).toEqual(['abc', 'dé', 'e']);
  });

  test('a producer may use its buffer again', async () => {
    async function* reusing(): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(3);
      for (const part of ['a\nb', 'cde', 'f\ng']) {
        buffer.set(encode(part));
        yield buffer;
      }
    }
    expect(await texts(reusing())).toEqual(['a', 'bcdef', 'g']);
  });

  test('random texts in random chunks', async () => {
    const random = new Random(41);
    const pieces = ['a', '王', '🍜', '\n', '\r\n', '\r', '\ufeff', 'é'];
    for (let round = 0; round < 300; round += 1) {
      const text = Array.from({ length: random.below(30) }, () => pieces[random.below(8)]).join('');
      const bytes = encode(text);
      const parts: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + random.below(6);
        parts.push(bytes.subarray(at, end));
        at = end;
      }
      const plain = text.replace(/^\ufeff/, '').split('\n');
      if (plain.at(-1) === '' && !(text === '\ufeff')) plain.pop();
      expect(await texts(chunks(parts))).toEqual(plain.map((line) => line.replace(/\r$/, '')));
    }
  });

  test('a long line in many chunks takes linear time', async () => {
    const part = encode('x'.repeat(1000));
    const started = performance.now();
    const [line] = await texts(chunks(new Array<Uint8Array>(20_000).fill(part)));
    expect(line).toHaveLength(20_000_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('names the line that is not UTF-8, wherever chunks are cut', async () => {
    const bytes = Uint8Array.of(...encode('one\nzwei é\n'), 0x61, 0xe9, 0x0a, ...encode('vier\n'));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const error = await dataErrorOf(
        collect(readLines(chunks([bytes.subarray(0, cut), bytes.subarray(cut)]), { name: 'latin.txt' })),
      );
      expect([error.code, error.line, error.source]).toEqual(['bad_encoding', 3, 'latin.txt']);
    }
    const end = await dataErrorOf(collect(readLines(Uint8Array.of(0x61, 0x0a, 0xe9))));
    expect(end.line).toBe(2);
  });

  test('recognises UTF-16', async () => {
    const little = Uint8Array.of(0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00);
    const big = Uint8Array.of(0xfe, 0xff, 0x00, 0x61, 0x00, 0x0a);
    for (const bytes of [little, big]) {
      const error = await dataErrorOf(collect(readLines(bytes, { name: 'a.txt' })));
      expect(error.message).toBe(
        'a.txt:1: expected UTF-8, found bytes that are not; this looks like UTF-16',
      );
    }
    for (const latin of [Uint8Array.of(0xe9), Uint8Array.of(0x61, 0x0a, 0xff)]) {
      const error = await dataErrorOf(collect(readLines(latin)));
      expect(error.message).toMatch(/^line \d: expected UTF-8, found bytes that are not; text in another encoding takes the option encoding$/);
    }
  });

  test.each([
    ['iso-8859-1', [0x63, 0x61, 0x66, 0xe9], 'café'],
    ['windows-1252', [0x80, 0x35], '€5'],
    ['gb18030', [0xcd, 0xf5, 0xb7, 0xbc], '王芳'],
    ['shift_jis', [0x83, 0x5c], 'ソ'],
    ['utf-16le', [0x8b, 0x73, 0x0a, 0x4e], '\u738b\u4e0a'],
    ['UTF8', [0xc3, 0xa9], 'é'],
  ])('%s, cut anywhere', async (encoding, word, expected) => {
    const wide = encoding === 'utf-16le' ? [0] : [];
    const bytes = Uint8Array.from([...word, 0x0a, ...wide, ...word, 0x0d, ...wide, 0x0a, ...wide]);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const lines = await collect(readLines(chunks([bytes.subarray(0, cut), bytes.subarray(cut)]), { encoding }));
      expect(lines.map(({ text }) => text)).toEqual([expected, expected]);
    }
  });

  test('says what is not in the encoding asked for', async () => {
    const error = await dataErrorOf(collect(readLines(Uint8Array.of(0x61, 0x0a, 0x81, 0x0a), { name: 'x', encoding: 'shift_jis' })));
    expect([error.code, error.message]).toEqual(['bad_encoding', expect.stringMatching(/^x:\d: expected SHIFT_JIS, found bytes that are not$/)]);
    await expect(collect(readLines('a', { encoding: 'klingon' }))).rejects.toThrow(/^option encoding: expected .*, given "klingon"$/);
  });

  test('stopping early cancels the stream', async () => {
    let cancelled = false;
    const stream = streamOf([encode('a\nb\n'), encode('c\n'), encode('d\n')], () => {
      cancelled = true;
    });
    for await (const { text } of readLines(stream)) {
      if (text === 'b') break;
    }
    expect(cancelled).toBe(true);
    expect(stream.locked).toBe(false);
  });

  test('a failing source fails the reader', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield 'a\n';
      throw new Error('disk gone');
    }
    await expect(collect(readLines(failing()))).rejects.toThrow('disk gone');
  });

  test('refuses what is no source', async () => {
    for (const wrong of [undefined, null, 5, {}, ['a']]) {
      await expect(collect(readLines(wrong as unknown as TextSource))).rejects.toThrow(UsageError);
    }
    const numbers = chunks([5 as unknown as string]);
    await expect(collect(readLines(numbers))).rejects.toThrow('expected chunks of string or Uint8Array');
  });
});
