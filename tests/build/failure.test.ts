import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs a script's `main` with this body, in a process group of its own, since what it stops must not be this one. */
function runMain(body: string): Promise<{ code: number | null; signal: string | null; stderr: string }> {
  const url = (file: string): string => JSON.stringify(new URL(`../../scripts/setup/${file}`, import.meta.url).href);
  const script = `
    import { setTimeout as sleep } from 'node:timers/promises';
    import { attempt, stopAll } from ${url('command.mjs')};
    import { main } from ${url('entry.mjs')};
    import { Failure } from ${url('failure.mjs')};
    await main(async () => { ${body} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stderr })));
}

describe('a script that fails', () => {
  it('says why, and does not stop itself for a program that does not exist', async () => {
    const body = `void attempt('no-such-program'); stopAll(); await sleep(200); throw new Failure('This cannot be had.');`;
    expect(await runMain(body)).toEqual({ code: 1, signal: null, stderr: '\nThis cannot be had.\n' });
  });

  it('leaves what was under way beside it', async () => {
    const beside = `setTimeout(() => process.stderr.write('installing'), 500)`;
    expect((await runMain(`${beside}; throw new Failure('No.');`)).stderr).toBe('\nNo.\n');
  });
});
