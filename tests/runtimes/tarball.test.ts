import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build, createServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureChromium } from '../../scripts/setup/browsers.mjs';
import { ensureRelaxedNode } from '../../scripts/setup/host.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { createProject, type Project } from './project.js';

interface Trained {
  weights: string;
  entities: { type: string; text: string }[];
}

let project: Project;
let model: string;
/** What Node made of `app/training.js`; a page and other versions must agree. */
let here: Trained;

beforeAll(async () => {
  project = await createProject();
  model = join(project.folder, 'model.safetensors');
  here = JSON.parse(await project.run(process.execPath, 'node.mjs', 'train', model)) as Trained;
});

afterAll(() => project?.remove());

describe('the package', () => {
  it('holds the library, its types, its WebAssembly and its papers, and nothing else', () => {
    for (const file of ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'README.md', 'CHANGELOG.md', 'LICENSE-MIT', 'LICENSE-APACHE']) {
      expect(project.packed).toContain(file);
    }
    expect(project.packed).toContain('dist/threads/worker.js');
    for (const variant of ['baseline', 'relaxed', 'threads']) {
      expect(project.packed).toContain(`dist/wasm/${variant}/ostinato.js`);
      expect(project.packed).toContain(`dist/wasm/${variant}/ostinato_bg.wasm`);
    }
    const allowed = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE(-MIT|-APACHE)?|dist\/.*\.(js|js\.map|d\.ts|wasm))$/;
    expect(project.packed.filter((path) => !allowed.test(path) || /^dist\/testing\//.test(path))).toEqual([]);
  });

  it('passes the strictest compiler in a project without types of Node', async () => {
    await project.run(process.execPath, at('node_modules/typescript/bin/tsc'), '-p', project.folder);
  });

  it('brings its command', async () => {
    expect(await project.run(join(project.folder, 'node_modules/.bin/ostinato'), '--help')).toMatch(/train/);
  });
});

describe('in Node', () => {
  it('trains and tags', () => {
    expect(here.entities).toMatchObject([
      { type: 'PERSON', text: 'Farah' },
      { type: 'PLACE', text: 'Kyoto' },
    ]);
  });

  it('ends with the same weights each time', async () => {
    const again = JSON.parse(await project.run(process.execPath, 'node.mjs', 'train', `${model}.again`)) as Trained;
    expect(again.weights).toBe(here.weights);
  });

  it('gives the same tags from the same file under a newer version', async () => {
    const newer = JSON.parse(await project.run(await ensureRelaxedNode(), 'node.mjs', 'tag', model)) as unknown;
    expect(newer).toEqual(here.entities);
  });

  it('ends with the same weights under a newer version', async () => {
    const newer = JSON.parse(await project.run(await ensureRelaxedNode(), 'node.mjs', 'train', `${model}.newer`)) as Trained;
    expect(newer).toEqual(here);
  });
});

/** Serves the project's page; resolves with its address and a way to stop. */
type Serve = (root: string) => Promise<{ address: string; close(): Promise<void> }>;

const quiet = { logLevel: 'warn', configFile: false } as const;
const local = { port: 0, host: '127.0.0.1' } as const;

const built: Serve = async (root) => {
  await build({ ...quiet, root });
  const server = await preview({ ...quiet, root, preview: local });
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
};

const developed: Serve = async (root) => {
  const server = await createServer({ ...quiet, root, server: local });
  await server.listen();
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
};

describe.each([
  ['that Vite built', built],
  ["of Vite's development server", developed],
])('in a page %s', (_, serve) => {
  let server: Awaited<ReturnType<Serve>>;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const { folder } = project;
    await mkdir(join(folder, 'public'), { recursive: true });
    await cp(model, join(folder, 'public/model.safetensors'));
    server = await serve(folder);
    browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(server.address);
    await page.waitForFunction(() => 'ostinato' in window);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('trains to the very weights that Node ended with, and tags the same', async () => {
    expect(await page.evaluate(() => window.ostinato.train())).toEqual(here);
    expect(complaints).toEqual([]);
  });

  it('gives the same tags from the same file', async () => {
    expect(await page.evaluate(() => window.ostinato.tag('/model.safetensors'))).toEqual(here.entities);
  });
});
