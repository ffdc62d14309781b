/** Ctrl-C: the first asks to stop, the second stops. */

/**
 * Runs work that stops when its signal says so.
 *
 * @param say what to tell when Ctrl-C was pressed
 */
export async function interruptible<T>(say: () => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    say();
  };
  process.on('SIGINT', interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}
