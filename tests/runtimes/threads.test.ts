import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBun, ensureDeno, ensureRelaxedNode } from '../../scripts/setup/host.mjs';
import { browsers, createSite, type Site } from './browser.js';
import { createProject, type Project } from './project.js';

interface Trained {
  threads: number;
  notice: string | null;
  weights: string;
  entities: object[];
}

const entities = [
  { type: 'PERSON', text: 'Farah' },
  { type: 'PLACE', text: 'Kyoto' },
];

let project: Project;

beforeAll(async () => {
  project = await createProject();
});

afterAll(() => project?.remove());

/** With one thread and with two the same file trains to the same weights. */
function expectThreads([one, two]: Trained[]): void {
  expect(one).toMatchObject({ threads: 1, notice: null, entities });
  expect(two).toEqual({ ...one, threads: 2 });
}

describe.each([
  ['Node', ensureRelaxedNode, []],
  ['Deno', ensureDeno, ['run', '--allow-read']],
  ['Bun', ensureBun, []],
])('in %s', (_, command, args) => {
  it('two threads train to the weights of one, and the process ends by itself', async () => {
    expectThreads(JSON.parse(await project.run(await command(), ...args, 'node.mjs', 'threads')) as Trained[]);
  });
});

const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

describe.each(browsers.map((browser) => [browser.name, browser] as const))('in %s', (_, browser) => {
  let site: Site;

  describe.each(['built', 'developed'] as const)('in a page that is cross-origin isolated, %s by Vite', (mode) => {
    beforeAll(async () => {
      site = await createSite(project.folder, ['threads.html'], isolated, mode);
    });
    afterAll(() => site?.close());

    it("two threads train to the weights of one, in a worker; the page's own thread may not", async () => {
      const result = (await site.visit(browser, 'threads.html', 120_000)) as { page: { error: string }; worker: Trained[] };
      expect(result).toMatchObject({ crossOriginIsolated: true, page: { error: expect.stringContaining('make the engine in a Web Worker') as string } });
      expectThreads(result.worker);
    });
  });

  describe('in a page that is not', () => {
    beforeAll(async () => {
      site = await createSite(project.folder, ['threads.html'], {});
    });
    afterAll(() => site?.close());

    it('there is one thread, and a message', async () => {
      const result = (await site.visit(browser, 'threads.html', 120_000)) as { worker: Trained[] };
      const notice = expect.stringMatching(/not cross-origin isolated.*Cross-Origin-Opener-Policy: same-origin/) as string;
      expect(result).toMatchObject({ crossOriginIsolated: false, page: { threads: 1, notice } });
      const [one, two] = result.worker;
      expect(one).toMatchObject({ threads: 1, notice: null, entities });
      expect(two).toEqual({ ...one, notice });
    });
  });
});
