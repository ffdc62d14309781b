/** What generation asks of a model. */

/** A model at work on rows of text, token by token. */
export interface NextTokens {
  /** One more than the largest id. */
  readonly size: number;
  /**
   * Reads one id for each row and gives the scores of what may follow: natural logarithms up to a
   * constant a row, row-major `[rows × size]`. The array is the callee's and valid until the next call.
   */
  feed(ids: Int32Array): Promise<Float32Array>;
  /** Rows in this order from now on; a row may repeat or be left out. */
  select(rows: readonly number[]): Promise<void>;
  dispose(): void;
}

/** What a model tells of its tokens, and of the texts that are to go on. */
export interface PromptedLanguage {
  /** The ids that each row has read: what is not to be repeated, and what the new text joins on to. */
  readonly prompts: readonly (readonly number[])[];
  /** Tokens that end a text. */
  readonly endIds: readonly number[];
  /** The ids of a text, without those that begin or end one. */
  encode(text: string): readonly number[];
  /**
   * The text of ids. Where these end within a character, it ends with U+FFFD; tokens that are no text
   * are left out.
   */
  decode(ids: readonly number[]): string;
}
