import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, createServer, preview, type Connect, type InlineConfig, type Plugin } from 'vite';
import { ensureChromium, ensureFirefox } from '../../scripts/setup/browsers.mjs';

/** A browser that opens a page without a window; it has a profile of its own. */
export interface Browser {
  readonly name: string;
  readonly path: () => Promise<string>;
  readonly args: (profile: string, address: string) => string[];
  /** Settings of the profile, as Firefox reads them. */
  readonly settings?: string;
}

export const browsers: readonly Browser[] = [
  {
    name: 'Chromium',
    path: ensureChromium,
    args: (profile, address) => ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`, address],
  },
  {
    name: 'Firefox',
    path: ensureFirefox,
    args: (profile, address) => ['--headless', '--no-remote', '--profile', profile, address],
    settings: [
      'user_pref("browser.shell.checkDefaultBrowser", false);',
      'user_pref("datareporting.policy.dataSubmissionEnabled", false);',
      'user_pref("app.update.enabled", false);',
      '',
    ].join('\n'),
  },
];

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  return text;
}

/** A site that is being served, and what its pages send back. */
export interface Site {
  /** Opens a page and resolves with what it posts to `/result`. */
  visit(browser: Browser, page: string, patience: number): Promise<unknown>;
  close(): Promise<void>;
}

/** Serves the site in a folder, of these pages, with these headers: as Vite builds it, or as it develops it. */
export async function createSite(
  root: string,
  pages: string[],
  headers: Record<string, string>,
  mode: 'built' | 'developed' = 'built',
): Promise<Site> {
  const outDir = await mkdtemp(join(tmpdir(), 'ostinato-site-'));
  let received: (text: string) => void = () => undefined;
  const receive = ({ middlewares }: { middlewares: Connect.Server }): void => {
    middlewares.use('/result', (request, response) => {
      void textOf(request).then((text) => {
        response.end();
        received(text);
      });
    });
  };
  const results: Plugin = { name: 'results', configurePreviewServer: receive, configureServer: receive };
  const common: InlineConfig = { logLevel: 'warn', configFile: false, root, plugins: [results] };
  const local = { port: 0, host: '127.0.0.1', headers };
  const built = async () => {
    await build({ ...common, build: { outDir, emptyOutDir: true, rolldownOptions: { input: pages.map((page) => join(root, page)) } } });
    return preview({ ...common, build: { outDir }, preview: local });
  };
  const developed = async () => {
    const server = await createServer({ ...common, server: local });
    await server.listen();
    return server;
  };
  const server = mode === 'built' ? await built() : await developed();
  const address = server.resolvedUrls?.local[0] ?? '';
  return {
    async visit(browser, page, patience) {
      const profile = await mkdtemp(join(tmpdir(), 'ostinato-profile-'));
      if (browser.settings !== undefined) await writeFile(join(profile, 'user.js'), browser.settings);
      const path = await browser.path();
      const posted = new Promise<string>((resolve) => (received = resolve));
      const child = spawn(path, browser.args(profile, address + page), { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
      let complaints = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
      const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
      let timer: NodeJS.Timeout | undefined;
      try {
        const late = new Promise<never>((_, reject) => {
          const fail = (what: string): void => reject(new Error(`${browser.name} ${what}:\n${complaints}`));
          timer = setTimeout(() => fail(`posted nothing in ${patience / 1000} s`), patience);
          child.on('error', (error) => fail(error.message));
          void closed.then(() => fail('ended before its page posted anything'));
        });
        return JSON.parse(await Promise.race([posted, late])) as unknown;
      } finally {
        clearTimeout(timer);
        // Browsers are many processes; they are a group of their own.
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
        await closed;
        await rm(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    },
    async close() {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
