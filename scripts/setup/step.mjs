// What a script is doing, one line a step. Results go to stdout; this is for the person who waits, so it goes to stderr.
const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** One line for the person who waits. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs `work`, with a line before and a line after; `work` may return a note for the second. */
export async function step(name, work) {
  const start = performance.now();
  say(`· ${name} …`);
  const note = await work();
  say(`✓ ${name}: ${typeof note === 'string' && note ? `${note}, ` : ''}${seconds(start)}`);
}
