import { afterEach, describe, expect, it, vi } from 'vitest';
import { prefersPlainCode as inBrowser } from '../../../ts/src/runtime/browser.js';
import { prefersPlainCode as inNode } from '../../../ts/src/runtime/node.js';

afterEach(() => vi.unstubAllGlobals());

describe('plain code', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36', true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36', true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36', false],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', true],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.2 Safari/605.1.15', false],
    ['Cloudflare-Workers', false],
  ])('in %s: %s', (userAgent, expected) => {
    vi.stubGlobal('navigator', { userAgent });
    expect(inBrowser()).toBe(expected);
  });

  it('is not for a host that says nothing', () => {
    vi.stubGlobal('navigator', undefined);
    expect(inBrowser()).toBe(false);
  });

  it.each([
    ['Node 24', { v8: '13.6.233.17-node.37' }, [], true],
    ['Node 22', { v8: '12.4.254.21-node.33' }, [], false],
    ['Node 24 without guard pages', { v8: '13.6.233.17-node.37' }, ['--disable-wasm-trap-handler'], false],
    ['Deno', { v8: '15.0.245.2-rusty', deno: '2.9.6' }, [], false],
    ['Bun', { v8: '12.4.254.14-node.12', bun: '1.4.5' }, [], false],
  ])('in %s', (_, versions, execArgv, expected) => {
    vi.stubGlobal('process', { versions, execArgv });
    expect(inNode()).toBe(expected);
  });
});
