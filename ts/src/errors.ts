/**
 * Every error that this library throws on purpose is an `OstinatoError`. Branch on `code`, which
 * is stable between releases, or on the class; never on the message, which is for people.
 */

/** What every error may carry besides its message. */
export interface ErrorDetails {
  /** Stable, machine-readable reason, such as `bad_option` or `cut_span`. */
  code?: string;
  /** The error that led to this one. */
  cause?: unknown;
}

/**
 * Base of all errors of this library.
 *
 * @example
 * try {
 *   await tagger.tag(text);
 * } catch (error) {
 *   if (error instanceof OstinatoError && error.code === 'disposed') return;
 *   throw error;
 * }
 */
export class OstinatoError extends Error {
  /** Stable, machine-readable reason. */
  readonly code: string;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'OstinatoError';
    this.code = details.code ?? 'failed';
  }
}

/** A call was wrong: a bad option, a bad argument, a method called out of order. */
export class UsageError extends OstinatoError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'bad_usage', ...details });
    this.name = 'UsageError';
  }

  /**
   * The error for one option outside its range.
   *
   * @param option name as the caller wrote it, such as `learningRate`
   * @param given the value that was passed
   * @param expected what would have been right, such as `a number above 0`
   *
   * @example
   * throw UsageError.option('learningRate', -1, 'a number above 0');
   * // option learningRate: expected a number above 0, given -1
   */
  static option(option: string, given: unknown, expected: string): UsageError {
    return new UsageError(`option ${option}: expected ${expected}, given ${describe(given)}`, {
      code: 'bad_option',
    });
  }
}

/** Where in the caller's data an error lies. */
export interface DataErrorDetails extends ErrorDetails {
  /** Line in the source, counted from 1. */
  line?: number | undefined;
  /** Name of the source as the caller gave it, usually a file name. */
  source?: string | undefined;
  /** One message for each fault, where several were found at once. */
  problems?: readonly string[];
}

/**
 * Training, evaluation or vector data is wrong. The message starts with `source:line:` as far as
 * these are known.
 */
export class DataError extends OstinatoError {
  /** Line in the source, counted from 1; undefined for data that came from no file. */
  readonly line: number | undefined;
  /** Name of the source, usually a file name. */
  readonly source: string | undefined;
  /** One message for each fault, where several were found at once; else empty. */
  readonly problems: readonly string[];

  constructor(message: string, details: DataErrorDetails = {}) {
    const { line, source, problems = [], ...rest } = details;
    super(placed(message, source, line), { code: 'bad_data', ...rest });
    this.name = 'DataError';
    this.line = line;
    this.source = source;
    this.problems = problems;
  }
}

/** A model file is not one, is damaged, or has a version that this release cannot read. */
export class ModelFileError extends OstinatoError {
  /** Path or URL of the file, where known. */
  readonly source: string | undefined;

  constructor(message: string, details: ErrorDetails & { source?: string | undefined } = {}) {
    const { source, ...rest } = details;
    super(placed(message, source, undefined), { code: 'bad_model_file', ...rest });
    this.name = 'ModelFileError';
    this.source = source;
  }
}

/** Something was used after its `dispose()`. */
export class DisposedError extends OstinatoError {
  /** @param what what was disposed of, such as `this Tagger` */
  constructor(what: string, details: ErrorDetails = {}) {
    super(`${what} has been disposed of and can no longer be used`, {
      code: 'disposed',
      ...details,
    });
    this.name = 'DisposedError';
  }
}

/** The engine hit a fault inside WebAssembly; its memory can no longer be trusted. */
export class PoisonedError extends OstinatoError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'poisoned', ...details });
    this.name = 'PoisonedError';
  }
}

/** Work was stopped through its `AbortSignal`; `cause` is the signal's reason. */
export class CancelledError extends OstinatoError {
  constructor(message = 'cancelled by the caller', details: ErrorDetails = {}) {
    super(message, { code: 'cancelled', ...details });
    this.name = 'CancelledError';
  }

  /** Throws a `CancelledError` when the signal is aborted; does nothing otherwise. */
  static check(signal: AbortSignal | undefined): void {
    if (signal?.aborted) throw new CancelledError(undefined, { cause: signal.reason });
  }
}

/** The request is sound, but this host, variant or release cannot serve it. */
export class UnsupportedError extends OstinatoError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'unsupported', ...details });
    this.name = 'UnsupportedError';
  }
}

/** A bug in this library. */
export class InternalError extends OstinatoError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'internal', ...details });
    this.name = 'InternalError';
  }
}

/**
 * A value as an error message shows it: strings quoted, long ones shortened, never throwing.
 *
 * @example
 * describe('B-PER'); // '"B-PER"'
 * describe([1, 2]);  // 'an array of 2'
 */
export function describe(value: unknown): string {
  if (typeof value === 'string') {
    const characters = [...value.slice(0, 121)];
    return JSON.stringify(
      characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : value,
    );
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (value instanceof Promise) return 'a promise';
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).slice(0, 8);
    return keys.length === 0 ? 'an empty object' : `an object with ${keys.join(', ')}`;
  }
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function placed(message: string, source: string | undefined, line: number | undefined): string {
  if (source !== undefined && line !== undefined) return `${source}:${line}: ${message}`;
  if (source !== undefined) return `${source}: ${message}`;
  if (line !== undefined) return `line ${line}: ${message}`;
  return message;
}
