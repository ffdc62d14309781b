/** Prompts of language models. */

import type { PromptedLanguage } from '../../generation/nextTokens.js';
import { TextReader } from './reader.js';

/**
 * What generation needs to know of a text that is to go on.
 *
 * @param documents whether texts end, with a boundary
 * @throws UsageError (`bad_input`) for what is no text
 */
export function promptedLanguage(reader: TextReader, prompt: string, documents: boolean): PromptedLanguage {
  const encode = (text: string): number[] => [...reader.read(text).ids];
  return { prompts: [encode(prompt)], endIds: documents ? [TextReader.BOUNDARY] : [], encode, decode: (ids) => reader.write(ids) };
}
