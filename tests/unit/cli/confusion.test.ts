import { describe, expect, test } from 'vitest';
import { confusionLines } from '../../../ts/src/cli/confusion.js';
import type { Screen } from '../../../ts/src/cli/output.js';
import { widthOf } from '../../../ts/src/cli/width.js';

const HEAD = 'confusion, a row for each true label, a column for each predicted one';

function lines(labels: string[], counts: number[][], screen: Screen = {}): string[] {
  return confusionLines({ labels, counts }, screen);
}

/** Classes that are taken for the next one, the last of them the most often. */
function many(classes: number): [string[], number[][]] {
  const labels = Array.from({ length: classes }, (_, index) => `class ${index}`);
  return [labels, labels.map((_, row) => labels.map((__, column) => (row === column ? 100 : column === row + 1 ? row + 1 : 0)))];
}

describe('confusionLines', () => {
  test('aligns counts under labels', () => {
    expect(lines(['ham', 'spam'], [[1950, 2], [0, 38]])).toEqual([
      HEAD,
      '        ham  spam',
      'ham   1,950     2',
      'spam      ·    38',
    ]);
  });

  test('counts Chinese characters as two columns', () => {
    const [, ...rows] = lines(['会议', 'ok', '取消👩‍🍳'], [[3, 0, 1], [12, 4, 0], [0, 0, 100_000]]);
    expect(rows).toEqual([
      '        会议  ok   取消👩‍🍳',
      '会议       3   ·        1',
      'ok        12   4        ·',
      '取消👩‍🍳     ·   ·  100,000',
    ]);
    expect(new Set(rows.map(widthOf)).size).toBe(1);
  });

  test('shortens long labels, the more the narrower the screen is', () => {
    const labels = ['cancel_appointment', 'create_a_new_appointment', 'ok'];
    const counts = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
    expect(lines(labels, counts)).toEqual([
      HEAD,
      '                      cancel_appointm…  create_a_new_ap…  ok',
      'cancel_appointment                   1                 2   3',
      'create_a_new_appoin…                 4                 5   6',
      'ok                                   7                 8   9',
    ]);
    const narrow = lines(labels, counts, { columns: 40 });
    expect(narrow[1]).toBe('                      cance…  creat…  ok');
    expect(Math.max(...narrow.slice(1).map(widthOf))).toBeLessThanOrEqual(40);
    expect(lines(['line\nbreak', '\u001b[31m'], [[1, 0], [0, 1]])[1]).toBe('            line break   [31m');
  });

  test('shows the diagonal on a terminal', () => {
    const shown = lines(['a', 'b'], [[1, 0], [2, 3]], { isTTY: true, hasColors: () => true, columns: 100 });
    expect(shown[2]).toBe('a  \u001b[1m1\u001b[22m  \u001b[2m·\u001b[22m');
    expect(shown[3]).toBe('b  2  \u001b[1m3\u001b[22m');
  });

  test('lists the worst confusions of many classes, the most frequent first', () => {
    const [labels, counts] = many(30);
    const shown = lines(labels, counts);
    expect(shown).toHaveLength(12);
    expect(shown[0]).toBe('the 10 most frequent confusions of 29');
    expect(shown[1]).toBe('true label  taken for  times  share of the label');
    expect(shown[2]).toBe('class 28    class 29      29             22.48 %');
    expect(shown[11]).toBe('class 19    class 20      20             16.67 %');
  });

  test('lists them, too, where the matrix is wider than the screen', () => {
    const [labels, counts] = many(12);
    expect(lines(labels, counts, { columns: 120 })[0]).toBe(HEAD);
    expect(lines(labels, counts, { columns: 50 })[0]).toBe('the 10 most frequent confusions of 11');
    const few = lines(labels, counts.map((row, at) => row.map((times, column) => (at === column || at < 2 ? times : 0))), { columns: 20 });
    expect(few.slice(0, 1).concat(few.slice(2).map((line) => line.trimEnd().split(/ {2,}/)[2] as string))).toEqual(['confusions', '2', '1']);
  });

  test('says that nothing was confused', () => {
    const [labels, counts] = many(25);
    expect(lines(labels, counts.map((row, at) => row.map((times, column) => (at === column ? times : 0))))).toEqual(['no label was taken for another']);
  });
});
