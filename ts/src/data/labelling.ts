/** Labels as they stand in data to labels of examples. */

import { DataError } from '../errors.js';
import type { ClassifiedExample } from './example.js';

/** What counts as a label, and how many a text has. */
export interface LabellingOptions {
  /** Whether a text has any number of labels; examples then have `labels` in place of `label`. Default false. */
  multi?: boolean | undefined;
  /** What separates several labels in one cell, with `multi`. Default `,`. */
  labelSeparator?: string | undefined;
  /** Whether only what stands before its first colon counts of a label, as in TREC's coarse classes. Default false. */
  coarse?: boolean | undefined;
}

/** A text with the labels that stand beside it. */
export interface LabelledText {
  text: string;
  labels: string[];
  /** Counted from 1. */
  line: number;
}

/**
 * The example of a text.
 *
 * @throws DataError (`bad_label`) when there is no label, or not one, unless `multi` says that there may be
 */
export function labelled(raw: LabelledText, options: LabellingOptions, source: string | undefined): ClassifiedExample {
  const { multi = false, labelSeparator = ',', coarse = false } = options;
  const { text, line } = raw;
  const parts = multi ? raw.labels.flatMap((label) => label.split(labelSeparator)) : raw.labels;
  const labels = parts
    .map((label) => (coarse ? (label.split(':')[0] as string) : label).trim())
    .filter((label) => label !== '');
  const origin = { line, ...(source === undefined ? {} : { source }) };
  if (multi) return { text, labels: [...new Set(labels)], ...origin };
  const [label] = labels;
  if (label !== undefined && labels.length === 1) return { text, label, ...origin };
  const found = label === undefined ? 'none' : `${labels.length}; any number takes multi, and a classifier of kind multi`;
  throw new DataError(`expected one label, found ${found}`, { code: 'bad_label', line, source });
}
