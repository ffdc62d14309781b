// The work of a case's matrix products.
import { forwardOperations } from '../run/tasks.mjs';
import { GATES, lengthsOf } from '../weights.mjs';

const PASSES = 3;
const tokensOf = (sizes) => lengthsOf(sizes).reduce((sum, length) => sum + length, 0);
const lstm = (sizes) => forwardOperations(sizes, GATES.lstm);

/** A bidirectional LSTM over so many tokens, and a linear layer with so many outputs over `rows`. */
const encoded = ({ embedding, hidden }, tokens, rows, outputs) =>
  lstm({ batch: 1, time: tokens, input: embedding, hidden, directions: 2, layers: 1 }) + 2 * rows * 2 * hidden * outputs;

const tagged = (sizes, tokens) => encoded(sizes, tokens, tokens, sizes.tags);

/** The gradient of the first layer's input, which nothing asks for where the input is data. */
const inputGradient = ({ batch, time, input, hidden, directions }) => 2 * batch * time * directions * GATES.lstm * hidden * input;

const counts = {
  lstmForward: lstm,
  lstmTraining: (sizes) => PASSES * lstm(sizes) - inputGradient(sizes),
  taggerTraining: (sizes) => PASSES * tagged(sizes, tokensOf(sizes)),
  taggerDecode: (sizes) => tagged(sizes, tokensOf(sizes)),
  classifierTraining: (sizes) => PASSES * encoded(sizes, tokensOf(sizes), sizes.batch, sizes.classes),
  corpusTraining: (sizes, tokens) => PASSES * tagged(sizes, tokens),
};

/**
 * Floating-point operations of the matrix products in one run of a task, as its sizes call for them: without padding,
 * without the gradient of an input that is data, and without those of a CRF.
 *
 * @param tokens of a corpus, whose sizes do not tell
 */
export const productOperations = (task, sizes, tokens) => counts[task](sizes, tokens);
