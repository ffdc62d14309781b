/** Short mails that are told apart by a few words: easy to learn, and no two are equal. */

import type { ClassifiedText } from 'ostinato';

const openings = ['please', 'now', 'today', 'just', 'hello', 'again'];
const words = {
  spam: ['win a free cruise', 'claim your prize', 'cheap pills here', 'you are a winner', 'free money fast'],
  ham: ['lunch at noon', 'the report is late', 'see you at the meeting', 'call me back', 'the train was full'],
  bill: ['your invoice is due', 'payment received', 'pay the bill, thanks', 'the invoice, once more', 'bank statement'],
};
const closings = ['', 'tomorrow', 'this week', 'in Porto', 'as promised', 'if you like', 'with Ana'];

const all: ClassifiedText[] = Object.entries(words).flatMap(([label, bodies]) =>
  bodies.flatMap((body) => openings.flatMap((opening) => closings.map((closing) => ({ text: `${opening} ${body} ${closing}`.trim(), label })))),
);

/** Of each seven mails that differ in their closing one, another each time. */
const isTest = (_: unknown, index: number): boolean => (index + Math.floor(index / 7)) % 7 === 3;

/** 540 mails to learn from. */
export const training = all.filter((mail, index) => !isTest(mail, index));
/** 90 others. */
export const test = all.filter(isTest);

/** The mails as CSV with a row of names. */
export function csv(mails: readonly ClassifiedText[]): string {
  return `text,label\n${mails.map(({ text, label }) => `"${text}",${label}\n`).join('')}`;
}

/** Options that make a classifier quick, the same on every host. */
export const quick = [
  '--embedding-size', '16', '--hidden-size', '16', '--learning-rate', '0.01', '--epochs', '6', '--patience', '6', '--variant', 'baseline',
];
