/** JSON that a caller gives as an option. */

import * as v from 'valibot';
import { UsageError } from '../../errors.js';

/**
 * Some JSON with its defaults; null stays null.
 *
 * @throws UsageError (`bad_option`) with the path of what is wrong
 */
export function filled<I, O>(option: string, schema: v.GenericSchema<I, O>, given: unknown): O | null {
  if (given === null) return null;
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = [option, v.getDotPath(issue)].filter((part) => part !== null).join('.');
  throw new UsageError(`option ${path}: ${issue.message}`, { code: 'bad_option' });
}
