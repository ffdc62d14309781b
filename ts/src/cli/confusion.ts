/** A confusion matrix as text. */

import type { ConfusionMatrix } from '../metrics/classification.js';
import { count, percent, styled, type Screen } from './output.js';
import { padEnd, padStart, shorten, widthOf } from './width.js';

/** Width where nobody says how wide the screen is. */
const COLUMNS = 80;
/** Widest label of a row, and widest and narrowest of a column. */
const ROW_LABEL = 20;
const COLUMN_LABEL = 16;
const NARROWEST = 3;
/** Classes beyond which nobody reads a matrix, and lines of the list in place of it. */
const MOST_CLASSES = 20;
const WORST = 10;

/**
 * Rows of truths, columns of predictions; where these are too many for the screen, the confusions that
 * are most frequent.
 */
export function confusionLines(matrix: ConfusionMatrix, screen: Screen): string[] {
  return matrixLines(matrix, screen) ?? worstLines(matrix);
}

function matrixLines({ labels, counts }: ConfusionMatrix, screen: Screen): string[] | undefined {
  if (labels.length > MOST_CLASSES) return undefined;
  const rowLabels = labels.map((label) => shorten(label, ROW_LABEL));
  const left = Math.max(...rowLabels.map(widthOf));
  const { columns = COLUMNS } = screen;
  for (let most = COLUMN_LABEL; most >= NARROWEST; most -= 1) {
    const heads = labels.map((label) => shorten(label, most));
    const widths = heads.map((head, column) => Math.max(widthOf(head), ...counts.map((row) => cell(row, column).length)));
    if (widths.reduce((sum, width) => sum + 2 + width, left) > columns) continue;
    const line = (start: string, cells: readonly string[]): string => [padEnd(start, left), ...cells].join('  ');
    return [
      'confusion, a row for each true label, a column for each predicted one',
      line('', heads.map((head, column) => padStart(head, widths[column] as number))),
      ...counts.map((row, at) =>
        line(
          rowLabels[at] as string,
          widths.map((width, column) => {
            const text = padStart(cell(row, column), width);
            return at === column ? styled('bold', text, screen) : row[column] === 0 ? styled('dim', text, screen) : text;
          }),
        ),
      ),
    ];
  }
  return undefined;
}

/** A count; nothing to see is a dot. */
function cell(row: readonly number[], column: number): string {
  const value = row[column] as number;
  return value === 0 ? '·' : count(value);
}

function worstLines({ labels, counts }: ConfusionMatrix): string[] {
  const confusions = counts.flatMap((row, truth) => {
    const all = row.reduce((sum, times) => sum + times, 0);
    return row
      .map((times, predicted) => ({ truth, predicted, times, share: times / all }))
      .filter(({ times, predicted }) => times > 0 && predicted !== truth);
  });
  if (confusions.length === 0) return ['no label was taken for another'];
  const worst = confusions.sort((a, b) => b.times - a.times || b.share - a.share).slice(0, WORST);
  const name = (label: number): string => shorten(labels[label] as string, ROW_LABEL + 4);
  const rows = [
    ['true label', 'taken for', 'times', 'share of the label'],
    ...worst.map(({ truth, predicted, times, share }) => [name(truth), name(predicted), count(times), percent(share)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => widthOf(row[column] as string))));
  const all = count(confusions.length);
  return [
    confusions.length > WORST ? `the ${WORST} most frequent confusions of ${all}` : 'confusions',
    ...rows.map((row) => row.map((text, column) => (column < 2 ? padEnd : padStart)(text, widths[column] as number)).join('  ')),
  ];
}
