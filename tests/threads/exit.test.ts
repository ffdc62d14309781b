import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { attempt } from '../../scripts/setup/command.mjs';

const child = fileURLToPath(new URL('./child.mjs', import.meta.url));

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
