import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OstinatoError } from '../../../ts/src/errors.js';
import * as browser from '../../../ts/src/runtime/browser.js';
import type { Runtime } from '../../../ts/src/runtime/contract.js';
import * as node from '../../../ts/src/runtime/node.js';

// Each runtime has the whole contract; the compiler checks it here.
const runtimes: Record<string, Runtime> = { node, browser };

const empty = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
let folder: string;
let server: Server;
let site: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ostinato-runtime-'));
  server = createServer((request, response) => {
    const answers: Record<string, [number, string, string | Uint8Array]> = {
      '/typed.wasm': [200, 'application/wasm', empty],
      '/untyped.wasm': [200, 'application/octet-stream', empty],
      '/page': [200, 'text/html; charset=utf-8', '<!doctype html>'],
      '/text': [200, 'text/plain', `\uFEFF${'é好'.repeat(50_000)}`],
    };
    if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => response.destroy(), 20);
      return;
    }
    const [status, type, body] = answers[request.url ?? ''] ?? [404, 'text/plain', 'none'];
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function errorOf(work: Promise<unknown>): Promise<OstinatoError> {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(OstinatoError);
  return error as OstinatoError;
}

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of pieces) text += decoder.decode(piece, { stream: true });
  return text;
}

describe.each(Object.entries(runtimes))('%s', (_, runtime) => {
  it('reads bytes from a URL', async () => {
    expect(await runtime.readBytes(`${site}/typed.wasm`)).toEqual(empty);
    expect(await runtime.readBytes(new URL(`${site}/typed.wasm`))).toEqual(empty);
  });

  it('reads a URL in pieces', async () => {
    expect(await joined(runtime.openBytes(`${site}/text`))).toBe('é好'.repeat(50_000));
  });

  it.each([
    ['/none', /404/],
    ['/page', /HTML page/],
    ['/broken', /the connection ended before the file did/],
  ])('says what the server answered to %s', async (path, expected) => {
    const url = site + path;
    for (const work of [() => runtime.readBytes(url), () => joined(runtime.openBytes(url)), () => runtime.compileModule(url)]) {
      const error = await errorOf(work());
      expect(error.code).toBe('unreadable');
      expect(error.message).toMatch(expected);
      expect(error.message).toContain(url);
    }
  });

  it('says that a server cannot be reached', async () => {
    expect((await errorOf(runtime.readBytes('http://127.0.0.1:1/'))).code).toBe('unreadable');
  });

  it.each(['/typed.wasm', '/untyped.wasm'])('compiles %s, whatever type the server gives it', async (path) => {
    expect(await runtime.compileModule(site + path)).toBeInstanceOf(WebAssembly.Module);
  });

  it('counts at least one thread', () => {
    expect(runtime.hardwareConcurrency()).toBeGreaterThanOrEqual(1);
  });

  it('lets the event loop have a turn', async () => {
    let turned = false;
    setTimeout(() => (turned = true), 0);
    const start = performance.now();
    while (!turned && performance.now() - start < 1_000) await runtime.breathe();
    expect(turned).toBe(true);
  });
});

describe('files in Node', () => {
  it('reads and writes by path and by file URL', async () => {
    const path = join(folder, 'bytes.bin');
    await node.writeBytes(path, new Uint8Array([1, 2, 3]));
    expect(await node.readBytes(pathToFileURL(path))).toEqual(new Uint8Array([1, 2, 3]));
    await node.writeBytes(pathToFileURL(path), new Uint8Array([4]));
    expect(await node.readBytes(path)).toEqual(new Uint8Array([4]));
    expect(readFileSync(path)).toHaveLength(1);
  });

  it('leaves nothing behind when a file cannot be written', async () => {
    const before = readdirSync(folder);
    const error = await errorOf(node.writeBytes(join(folder, 'no', 'such', 'folder'), empty));
    expect(error.code).toBe('unwritable');
    expect(error.message).toMatch(/no such file or folder/);
    expect((await errorOf(node.writeBytes(folder, empty))).code).toBe('unwritable');
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    ['nothing.txt', /no such file/],
    ['.', /this is a folder/],
  ])('says why %s cannot be read', async (name, expected) => {
    const path = join(folder, name);
    for (const work of [() => node.readBytes(path), () => joined(node.openBytes(path))]) {
      const error = await errorOf(work());
      expect(error.code).toBe('unreadable');
      expect(error.message).toMatch(expected);
    }
  });

  it('lists a folder in the order of names, and says what is none', async () => {
    const inside = join(folder, 'listed');
    for (const name of ['b', 'B', 'a10', 'a9']) mkdirSync(join(inside, name), { recursive: true });
    writeFileSync(join(inside, 'a.txt'), '');
    symlinkSync(join(inside, 'b'), join(inside, 'c'));
    const listed = await node.listFolder(pathToFileURL(inside));
    expect(listed.map(({ name, isFolder }) => (isFolder ? `${name}/` : name))).toEqual(['B/', 'a.txt', 'a10/', 'a9/', 'b/', 'c/']);
    expect(await node.listFolder(listed[0]?.path as string)).toEqual([]);
    expect((await errorOf(node.listFolder(join(inside, 'none')))).message).toMatch(/there is no such file or folder/);
    expect((await errorOf(node.listFolder(join(inside, 'a.txt')))).code).toBe('unreadable');
    symlinkSync('none', join(inside, 'link'));
    expect((await errorOf(node.listFolder(inside))).message).toBe(`${join(inside, 'link')}: there is no such file or folder`);
  });

  it('closes a file that is left early', async () => {
    const path = join(folder, 'long.txt');
    writeFileSync(path, 'x'.repeat(3_000_000));
    for (let round = 0; round < 50; round++) {
      for await (const piece of node.openBytes(path)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
    }
    const open = readdirSync('/proc/self/fd', { withFileTypes: false }).length;
    expect(open).toBeLessThan(50);
  });
});

it('has no file system in a page, and says so', async () => {
  expect((await errorOf(browser.listFolder('data'))).code).toBe('unsupported');
  expect((await errorOf(browser.writeBytes('model', empty))).code).toBe('unsupported');
});
