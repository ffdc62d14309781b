/** Patterns of tokenizer files: literal strings, and regular expressions in Oniguruma's dialect. */

import { toRegExp } from 'oniguruma-to-es';
import * as v from 'valibot';
import { describe, UnsupportedError } from '../../errors.js';

/** A pattern as JSON. */
export type PatternJson = { String: string } | { Regex: string };

/** What a pattern must look like. */
export const PATTERN = v.union([v.object({ String: v.string() }), v.object({ Regex: v.string() })], 'expected { String } or { Regex }');

/**
 * A pattern as a regular expression of the host, with the flag `g`.
 *
 * @throws UnsupportedError (`unsupported_pattern`) for an expression that cannot be had in JavaScript
 */
export function patternExpression(pattern: PatternJson): RegExp {
  if ('String' in pattern) return literalExpression([pattern.String]);
  try {
    return toRegExp(pattern.Regex, { global: true, target: 'ES2024' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnsupportedError(`the pattern ${describe(pattern.Regex)} cannot be had in JavaScript: ${reason}`, {
      code: 'unsupported_pattern',
      cause,
    });
  }
}

/** An expression for any of some strings, the earlier ones first; matches nothing when there is none. */
export function literalExpression(strings: readonly string[]): RegExp {
  const escaped = strings.filter((string) => string !== '').map((string) => string.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(escaped.length === 0 ? '[]' : escaped.join('|'), 'gv');
}
