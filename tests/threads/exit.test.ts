import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { attempt } from '../../scripts/setup/command.mjs';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const child = path('./child.mjs');

describe('a process that computed with threads', () => {
  it.each([[[]], [['dispose']], [['twice']], [['dispose', 'twice']], [['unfinished']]])('ends by itself: %j', async (asked) => {
    const started = performance.now();
    const { code, stdout, output } = await attempt(process.execPath, [child, ...asked]);
    expect({ code, output }).toEqual({ code: 0, output: stdout });
    const losses = JSON.parse(stdout) as number[];
    expect(losses).toHaveLength(asked.includes('twice') ? 2 : 1);
    expect(new Set(losses).size).toBe(1);
    // Far below the half minute that a thread has to answer in.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

// The count of threads is read where Linux keeps it.
it.runIf(process.platform === 'linux')('engines that were forgotten are ended when the garbage is collected', async () => {
  const { code, stdout } = await attempt(process.execPath, ['--expose-gc', path('./leaked.mjs')]);
  expect(code).toBe(0);
  const { most, left } = JSON.parse(stdout) as { most: number; left: number };
  expect(most).toBeGreaterThanOrEqual(6);
  // The glue holds on to the newest instance, which need not be collected.
  expect(left).toBeLessThanOrEqual(1);
});
