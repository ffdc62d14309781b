import { afterEach, describe, expect, it, vi } from 'vitest';
import { prefersPlainCode as inBrowser } from '../../../ts/src/runtime/browser.js';
import { prefersPlainCode as inNode } from '../../../ts/src/runtime/node.js';

afterEach(() => vi.unstubAllGlobals());

describe('plain code', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36', true, true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36', true, true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36', false, true],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Safari/537.36', false, false],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', true, true],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.2 Safari/605.1.15', false, false],
    ['Cloudflare-Workers', false, false],
  ])('in %s: fused %s, else %s', (userAgent, fused, without) => {
    vi.stubGlobal('navigator', { userAgent });
    expect([true, false].map(inBrowser)).toEqual([fused, without]);
  });

  it('is not for a host that says nothing', () => {
    vi.stubGlobal('navigator', undefined);
    expect([true, false].map(inBrowser)).toEqual([false, false]);
  });

  it.each([
    ['Node 24', { v8: '13.6.233.17-node.37' }, [], true, true],
    ['Node 22', { v8: '12.4.254.21-node.33' }, [], false, true],
    ['Node 20', { v8: '11.3.244.8-node.38' }, [], false, true],
    ['Node 20 without guard pages', { v8: '11.3.244.8-node.38' }, ['--disable-wasm-trap-handler'], false, false],
    ['Node 24 without guard pages', { v8: '13.6.233.17-node.37' }, ['--disable-wasm-trap-handler'], false, false],
    ['Deno', { v8: '15.0.245.2-rusty', deno: '2.9.6' }, [], false, false],
    ['Bun', { v8: '12.4.254.14-node.12', bun: '1.4.5' }, [], false, false],
  ])('in %s', (_, versions, execArgv, fused, without) => {
    vi.stubGlobal('process', { versions, execArgv });
    expect([true, false].map(inNode)).toEqual([fused, without]);
  });
});
