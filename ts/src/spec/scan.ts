/** Loops over the steps of an axis: what they are given and what they give. */

import type { IdsValue, MatrixValue } from './value.js';

/** Values by name. */
export interface Values<T = MatrixValue | IdsValue> {
  readonly [name: string]: T;
}

/** A state that a loop hands from step to step. */
export interface ScanState {
  /** How many numbers it has for each row. */
  width: number;
  /** What it begins with, for each row. Default zeros. */
  initial?: MatrixValue | undefined;
}

/** Options of a loop. */
export interface ScanOptions<Steps extends Values, Rows extends Values<MatrixValue>, States extends Values<ScanState>> {
  /** From which the nodes have theirs. Default `scan`, with a number from the second on. */
  name?: string;
  /** What the body reads at each step: values over the steps of one axis. */
  steps: Steps;
  /** What is the same at each step: values over the rows of the axis. Default none. */
  rows?: Rows;
  /** What one step hands to the next. */
  states: States;
  /** Whether each row runs from its last step to its first. Default false. */
  reverse?: boolean;
}

/** What the body of a loop is given, each a row for each row that has the step. */
export type ScanInside<Steps extends Values, Rows extends Values<MatrixValue>, States extends Values<ScanState>> = {
  readonly [S in keyof Steps]: Steps[S] extends IdsValue ? IdsValue : MatrixValue;
} & { readonly [R in keyof Rows]: MatrixValue } & { readonly [S in keyof States]: MatrixValue };

/** What the body of a loop gives back. */
export interface ScanStep<States extends Values<ScanState>, Outputs extends Values> {
  /** What the loop gives at each step. */
  outputs: Outputs;
  /** The states after the step. */
  next: { readonly [S in keyof States]: MatrixValue };
}

/** What a loop gives. */
export interface ScanValue<States extends Values<ScanState>, Outputs extends Values> {
  /** The outputs, over all steps. */
  readonly outputs: { readonly [O in keyof Outputs]: Outputs[O] extends IdsValue ? IdsValue : MatrixValue };
  /** The states of each row after its own last step; what it began with where a row has no steps. */
  readonly finals: { readonly [S in keyof States]: MatrixValue };
}
