/** Entities as they are written in training data and as a tagger returns them. */

/** An entity that a tagger found: `text === whole.slice(start, end)`. */
export interface Entity {
  /** Its label, such as `PERSON`. */
  type: string;
  /** First UTF-16 code unit in the text. */
  start: number;
  /** One past the last UTF-16 code unit. */
  end: number;
  /** The text it covers. */
  text: string;
  /** Probability, from 0 to 1, that exactly this span has exactly this type. */
  score: number;
}

/** A labelled span of a text. Every `Entity` is one. */
export interface EntitySpan {
  type: string;
  /** First offset, in UTF-16 code units unless said otherwise. */
  start: number;
  /** One past the last offset. */
  end: number;
  /** The text it covers; checked against the offsets where present. */
  text?: string | undefined;
  /** Ignored: it is here so that what a tagger returns can be trained on. */
  score?: number | undefined;
}

/** An entity given by its text alone, which must occur exactly once. */
export interface EntityMention {
  type: string;
  text: string;
  start?: undefined;
  end?: undefined;
}

/** An entity of a training text. */
export type EntityAnnotation = EntitySpan | EntityMention;

/** A labelled run of tokens: `start` is its first token, `end` one past its last. */
export interface TokenSpan {
  type: string;
  start: number;
  end: number;
}
