/** SentencePiece's way to write spaces, which pre-tokenizers make and decoders take back. */

import * as v from 'valibot';

/** What a single character must look like. */
export const CHARACTER = v.pipe(v.string(), v.check((text) => [...text].length === 1, 'expected a single character'));

/** What `Metaspace` must look like, as a pre-tokenizer and as a decoder. */
export const METASPACE = v.pipe(
  v.object({
    type: v.literal('Metaspace'),
    /** What stands for a space. */
    replacement: v.optional(CHARACTER, '▁'),
    /** Where it also begins what no space does: each text between added tokens, or the first. */
    prepend_scheme: v.optional(v.picklist(['always', 'first', 'never'])),
    /** Whether words are cut before it. */
    split: v.optional(v.boolean(), true),
    add_prefix_space: v.optional(v.boolean()),
  }),
  // Older files have a flag in place of the scheme.
  v.transform(({ add_prefix_space: add, prepend_scheme: scheme, ...rest }) => ({
    ...rest,
    prepend_scheme: scheme ?? (add === false ? ('never' as const) : ('always' as const)),
  })),
);
