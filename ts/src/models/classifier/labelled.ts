/** Examples in any shape to documents with their labels. */

import type { ExampleOrigin } from '../../data/example.js';
import { DataError, describe } from '../../errors.js';
import type { Tokenizer } from '../../text/tokenizer.js';
import { TextDocument } from '../text/document.js';
import { WholeDocument } from '../text/whole.js';
import type { ClassifierExample, ClassifierSettings } from './options.js';

/** A document whose labels are known. */
export interface LabelledText extends ExampleOrigin {
  readonly document: WholeDocument;
  /** Its labels: one, unless the kind is `multi`. */
  readonly labels: readonly string[];
}

/** How examples are read. */
export interface ReadingOptions extends Pick<ClassifierSettings, 'kind' | 'maxTokens'> {
  tokenizer: Tokenizer;
  /** What messages call the data, such as `training data`. */
  what: string;
}

/** What the labels of examples are: any number of them where one has `labels`. */
export function kindOf(examples: readonly ClassifierExample[]): 'single' | 'multi' {
  return examples.some((example) => Array.isArray(labelsIn(example).labels)) ? 'multi' : 'single';
}

/**
 * Reads examples: texts or tokens, with a label or labels. Texts without a token are read, too.
 *
 * @throws DataError for what is neither, for labels that are none, or for no example at all
 */
export function readLabelled(examples: readonly ClassifierExample[], options: ReadingOptions): LabelledText[] {
  const { tokenizer, maxTokens, kind, what } = options;
  if (examples.length === 0) throw noExamples(what);
  return examples.map((example, index) => {
    const { line, source } = Object(example) as ExampleOrigin;
    const name = line === undefined ? `${what}, example ${index + 1}` : what;
    const fail = (message: string): DataError => new DataError(`${name}: ${message}`, { code: 'bad_example', line, source });
    const labels = checkedLabels(example, kind, fail);
    return { document: new WholeDocument(documentOf(example, tokenizer, fail), maxTokens), labels, line, source };
  });
}

/** The error for no example at all; `what` is what messages call the data. */
export function noExamples(what: string): DataError {
  return new DataError(`${what}: expected at least one example, given none`, { code: 'no_data' });
}

function labelsIn(example: unknown): { label?: unknown; labels?: unknown } {
  return Object(example) as { label?: unknown; labels?: unknown };
}

function checkedLabels(example: unknown, kind: ClassifierSettings['kind'], fail: (message: string) => DataError): string[] {
  const { label, labels } = labelsIn(example);
  const isLabel = (value: unknown): value is string => typeof value === 'string' && value !== '';
  if (labels === undefined || label !== undefined) {
    if (labels === undefined && isLabel(label)) return [label];
    const given = labels !== undefined ? 'both label and labels' : label === undefined ? describe(example) : `the label ${describe(label)}`;
    throw fail(`expected a text or tokens with a label that is a string and not empty, given ${given}`);
  }
  if (kind !== 'multi') throw fail(`expected one label, for kind ${kind}, given labels: ${describe(labels)}`);
  if (!Array.isArray(labels)) throw fail(`labels: expected an array, given ${describe(labels)}`);
  const odd = labels.findIndex((each) => !isLabel(each));
  if (odd >= 0) throw fail(`label ${odd + 1}: expected a string that is not empty, given ${describe(labels[odd])}`);
  return [...new Set<string>(labels)];
}

function documentOf(example: unknown, tokenizer: Tokenizer, fail: (message: string) => DataError): TextDocument {
  const { text, tokens } = Object(example) as { text?: unknown; tokens?: unknown };
  if (typeof text === 'string' && tokens === undefined) return TextDocument.ofText(text, tokenizer.tokenize(text));
  if (!Array.isArray(tokens) || text !== undefined) {
    throw fail(`expected either a text, which is a string, or tokens, which are an array, given ${describe(example)}`);
  }
  const odd = tokens.findIndex((token) => typeof token !== 'string' || token === '');
  if (odd >= 0) throw fail(`token ${odd + 1}: expected a string that is not empty, given ${describe(tokens[odd])}`);
  return TextDocument.ofTokens(tokens);
}
