import { afterEach, describe, expect, test, vi } from 'vitest';
import { Output } from '../../../ts/src/cli/output.js';
import { ProgressView } from '../../../ts/src/cli/progress.js';
import type { TrainingProgress } from '../../../ts/src/training/progress.js';

const at = (step: number, dev: TrainingProgress['dev'] = null): TrainingProgress => ({
  epoch: 1, epochs: 2, step, steps: 4, loss: step === 0 ? null : 1.23456, losses: {}, gradientNorm: step === 0 ? null : 0.5, dev, tokensPerSecond: step * 1000, secondsLeft: step === 0 ? null : 75,
});

afterEach(() => vi.restoreAllMocks());

/** What is written while a view shows these moments, the clock going on by so many milliseconds before each. */
function shown(json: boolean, moments: readonly [number, TrainingProgress][]): { stdout: string; stderr: string } {
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => ((written[name] += String(text)), true));
  }
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const view = new ProgressView(new Output({ json }), { name: 'f1', title: 'F1' });
  for (const [milliseconds, progress] of moments) {
    now += milliseconds;
    view.show(progress);
  }
  view.stop();
  return written;
}

describe('progress without a terminal', () => {
  test('is a line at the start, then every ten seconds, and at the end of each epoch', () => {
    const { stdout, stderr } = shown(false, [[0, at(0)], [5000, at(1)], [5000, at(2)], [9000, at(3)], [100, at(4, { f1: 0.5 })]]);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toEqual([
      'epoch 1/2  step 0/4',
      'epoch 1/2  step 2/4  loss 1.235  2,000 tokens/s  1 min 15 s left',
      'epoch 1/2  loss 1.235  dev F1 50.00 %  4,000 tokens/s  1 min 15 s left',
      '',
    ]);
  });

  test('with --json is an event at the start, then every second, and one of its own at the end of each epoch', () => {
    const { stdout } = shown(true, [[0, at(0)], [500, at(1)], [500, at(2)], [10, at(3)], [10, at(4, { f1: 0.5 })]]);
    const events = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as object);
    expect(events).toEqual([
      { event: 'progress', ...at(0) },
      { event: 'progress', ...at(2) },
      { event: 'epoch', epoch: 1, epochs: 2, loss: 1.23456, losses: {}, gradientNorm: 0.5, dev: { f1: 0.5 }, tokensPerSecond: 4000 },
    ]);
  });
});
