/** How training is shown: a bar where somebody watches, else a line now and then. */

import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { TrainingProgress } from '../training/progress.js';
import { count, duration, scored, type Output } from './output.js';
import type { Score } from './task.js';

/** Milliseconds between two lines, and between two events, within an epoch. */
const BETWEEN_LINES = 10_000;
const BETWEEN_EVENTS = 1000;

/** Shows a training while it goes on. */
export class ProgressView {
  readonly #output: Output;
  readonly #score: Score;
  readonly #bar = process.stderr.isTTY ? new Bar() : undefined;
  #lastLine = -Infinity;
  #lastEvent = -Infinity;

  /** @param score the score on development data that is shown */
  constructor(output: Output, score: Score) {
    this.#output = output;
    this.#score = score;
  }

  /** Shows where training stands. */
  readonly show = (progress: TrainingProgress): void => {
    const { epoch, epochs, step, steps, loss, losses, gradientNorm, dev, tokensPerSecond } = progress;
    const ended = step === steps;
    const now = performance.now();
    if (ended) this.#output.event('epoch', { epoch, epochs, loss, losses, gradientNorm, dev, tokensPerSecond });
    else if (now - this.#lastEvent >= BETWEEN_EVENTS) {
      this.#lastEvent = now;
      this.#output.event('progress', progress);
    }
    const place = ended ? '' : `step ${step}/${steps}`;
    const numbers = numbersOf(progress, this.#score);
    const line = [`epoch ${epoch}/${epochs}`, place, ...numbers].filter((part) => part !== '').join('  ');
    if (this.#bar !== undefined) this.#bar.show(progress, numbers, ended ? line : undefined);
    else if (ended || now - this.#lastLine >= BETWEEN_LINES) {
      this.#lastLine = now;
      this.#output.say(line);
    }
  };

  /** A line for the person who watches, above the bar where there is one. */
  say(line: string): void {
    if (this.#bar !== undefined) this.#bar.say(line);
    else this.#output.say(line);
  }

  /** Leaves the screen to what comes next. */
  stop(): void {
    this.#bar?.stop();
  }
}

/** What is known at a moment. */
function numbersOf({ loss, dev, tokensPerSecond, secondsLeft }: TrainingProgress, score: Score): string[] {
  const value = dev?.[score.name];
  return [
    loss === null ? '' : `loss ${loss.toFixed(3)}`,
    value === undefined ? '' : `dev ${scored(score, value)}`,
    tokensPerSecond > 0 ? `${count(tokensPerSecond)} tokens/s` : '',
    secondsLeft === null ? '' : `${duration(secondsLeft)} left`,
  ];
}

/** A bar for the epoch at the foot of the screen; lines of what is over stand above it. */
class Bar {
  readonly #bars = new MultiBar(
    {
      format: 'epoch {epoch}/{epochs} {bar} {value}/{total}  {numbers}',
      barsize: 20,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  #bar: SingleBar | undefined;

  constructor() {
    // Lines are not wrapped under a bar; a second Ctrl-C must not leave the terminal so.
    process.once('exit', () => this.#bars.stop());
  }

  show({ epoch, epochs, step, steps }: TrainingProgress, numbers: readonly string[], line: string | undefined): void {
    const payload = { epoch, epochs, numbers: numbers.filter((part) => part !== '').join('  ') };
    this.#bar ??= this.#bars.create(steps, 0, payload);
    this.#bar.setTotal(steps);
    this.#bar.update(step, payload);
    if (line !== undefined) this.say(line);
  }

  say(line: string): void {
    this.#bars.log(`${line}\n`);
  }

  stop(): void {
    // Writes the lines that wait to be written.
    this.#bars.update();
    this.#bars.stop();
  }
}
