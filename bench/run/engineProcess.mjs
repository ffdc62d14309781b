// An engine in a process of its own. It waits for its turn, so that engines of several hosts can take turns.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** What an engine refused or could not do. */
export class EngineError extends Error {
  constructor(message, unsupported = false) {
    super(message);
    this.name = 'EngineError';
    /** Whether the engine says that this host or this release has no such thing. */
    this.unsupported = unsupported;
  }
}

function commandOf({ host, engine, settings }, hosts) {
  const given = JSON.stringify(settings);
  return host === 'python' ? [script('pytorch/serve.py'), given] : [...(hosts.flags ?? []), script('serve.mjs'), engine, given];
}

/** Lines of an engine's own output that are kept for a message. */
const KEPT = 20;

export class EngineProcess {
  #child;
  #said = [];
  #replies = [];
  #end;

  constructor(column, hosts) {
    this.#child = spawn(hosts[column.host], commandOf(column, hosts), { stdio: 'pipe' });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#replies.shift()?.resolve(JSON.parse(line)));
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#said = [...this.#said, line].slice(-KEPT);
    });
    // A process that has ended says so to whoever asks, by the reply that does not come.
    this.#child.stdin.on('error', () => {});
    const ended = (reason) => {
      this.#end = new EngineError([reason, ...this.#said].join('\n'));
      for (const reply of this.#replies.splice(0)) reply.reject(this.#end);
    };
    this.#child.on('error', (error) => ended(error.message));
    this.#child.on('close', (code) => ended(`the process ended with code ${code}`));
  }

  /**
   * One operation of `serve.mjs`.
   *
   * @throws EngineError with what the engine says, or what its process said before it ended
   */
  async ask(operation, request = {}) {
    if (this.#end) throw this.#end;
    const reply = await new Promise((resolve, reject) => {
      this.#replies.push({ resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ operation, ...request })}\n`);
    });
    if (reply.error !== undefined) throw new EngineError(reply.error, reply.unsupported);
    return reply;
  }

  /** Ends the process. */
  stop() {
    this.#child.kill();
  }
}

/** One process a column, started when it is first needed. */
export class EnginePool {
  #processes = new Map();
  #hosts;

  constructor(hosts) {
    this.#hosts = hosts;
  }

  of(column) {
    const { id } = column;
    if (!this.#processes.has(id)) this.#processes.set(id, new EngineProcess(column, this.#hosts));
    return this.#processes.get(id);
  }

  /** Ends the process of an engine that failed: what is left of it would fail in other cases too. */
  drop({ id }) {
    this.#processes.get(id)?.stop();
    this.#processes.delete(id);
  }

  /** Ends every process. */
  stop() {
    for (const engine of this.#processes.values()) engine.stop();
  }
}

/** Does something with a process that has done nothing before. */
export async function inFreshProcess(column, hosts, work) {
  const engine = new EngineProcess(column, hosts);
  try {
    return await work(engine);
  } finally {
    engine.stop();
  }
}
