/** Post-processors of tokenizer files: they put special tokens around the pieces of a text. */

import * as v from 'valibot';
import { addedPiece, type EncodedPiece } from './encoding.js';
import { fault } from './fault.js';

const yes = v.optional(v.boolean(), true);
const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const special = v.tuple([v.string(), id]);
const part = v.union(
  [
    v.object({ SpecialToken: v.object({ id: v.string(), type_id: id }) }),
    v.object({ Sequence: v.object({ id: v.picklist(['A', 'B']), type_id: id }) }),
  ],
  'expected { SpecialToken } or { Sequence }',
);

const SINGLE = v.variant('type', [
  v.object({
    type: v.literal('TemplateProcessing'),
    single: v.array(part),
    pair: v.array(part),
    special_tokens: v.record(v.string(), v.object({ id: v.string(), ids: v.array(id), tokens: v.array(v.string()) })),
  }),
  v.object({ type: v.literal('BertProcessing'), sep: special, cls: special }),
  v.object({ type: v.literal('RobertaProcessing'), sep: special, cls: special, trim_offsets: yes, add_prefix_space: yes }),
  v.object({ type: v.literal('ByteLevel'), add_prefix_space: yes, trim_offsets: yes, use_regex: yes }),
]);

/** An entry of a template: a special token, or a text, of which `A` is the first. */
export type TemplatePart = v.InferOutput<typeof part>;

/**
 * A post-processor as JSON, with the names of `tokenizer.json`: `TemplateProcessing`,
 * `BertProcessing` and `RobertaProcessing` add special tokens, `ByteLevel` trims offsets (if
 * `trim_offsets`), `Sequence` is one after another. Here a text is always alone, so that what is
 * there for pairs of texts is kept and not used.
 */
export type PostProcessorJson = v.InferOutput<typeof SINGLE> | { type: 'Sequence'; processors: PostProcessorJson[] };

/** The same, where defaults may be left out. */
export type PostProcessorInput = v.InferInput<typeof SINGLE> | { type: 'Sequence'; processors: PostProcessorInput[] };

/** What a post-processor must look like. */
export const POST_PROCESSOR: v.GenericSchema<PostProcessorInput, PostProcessorJson> = v.variant('type', [
  ...SINGLE.options,
  v.object({ type: v.literal('Sequence'), processors: v.array(v.lazy(() => POST_PROCESSOR)) }),
]);

/** What a post-processor does. */
export interface PostProcessor {
  /** Whether offsets leave out the spaces at the edges of pieces. */
  readonly trimsOffsets: boolean;
  /** Puts special tokens around pieces. */
  surround(pieces: readonly EncodedPiece[]): readonly EncodedPiece[];
}

/**
 * The post-processor that some JSON describes; for null, one that adds nothing.
 *
 * @throws DataError (`bad_tokenizer`) for a template with a special token that the file does not define
 */
export function postProcessorFrom(json: PostProcessorJson | null): PostProcessor {
  if (json === null) return { trimsOffsets: false, surround: (pieces) => pieces };
  switch (json.type) {
    case 'TemplateProcessing':
      return { trimsOffsets: false, surround: template(json) };
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const first = addedPiece(json.cls[1], json.cls[0]);
      const last = addedPiece(json.sep[1], json.sep[0]);
      const trimsOffsets = json.type === 'RobertaProcessing' && json.trim_offsets;
      return { trimsOffsets, surround: (pieces) => [first, ...pieces, last] };
    }
    case 'ByteLevel':
      return { trimsOffsets: json.trim_offsets, surround: (pieces) => pieces };
    case 'Sequence': {
      const steps = json.processors.map(postProcessorFrom);
      return {
        trimsOffsets: steps.some((step) => step.trimsOffsets),
        surround: (pieces) => steps.reduce((surrounded, step) => step.surround(surrounded), pieces),
      };
    }
  }
}

function template({ single, special_tokens: specials }: PostProcessorJson & { type: 'TemplateProcessing' }): PostProcessor['surround'] {
  const parts = single.map((each, index): EncodedPiece[] | number => {
    if ('Sequence' in each) return each.Sequence.type_id;
    const { id: name, type_id: typeId } = each.SpecialToken;
    const { ids, tokens } = Object.hasOwn(specials, name) ? (specials[name] as { ids: number[]; tokens: string[] }) : { ids: [], tokens: [] };
    if (ids.length === 0 || ids.length !== tokens.length) {
      throw fault(`post_processor.single[${index}]`, 'one of special_tokens, with ids and as many tokens', name);
    }
    return ids.map((tokenId, at) => addedPiece(tokenId, tokens[at] as string, typeId));
  });
  return (pieces) => parts.flatMap((each) => (typeof each === 'number' ? pieces.map((piece) => ({ ...piece, typeId: each })) : each));
}

/**
 * The template processor of a line such as `[CLS] $A [SEP]`.
 *
 * @param idOf the id of a special token
 */
export function templateFrom(line: string, idOf: (token: string) => number): PostProcessorJson {
  const names = line.split(' ').filter((name) => name !== '');
  const single = names.map(
    (name): TemplatePart =>
      name === '$A' ? { Sequence: { id: 'A', type_id: 0 } } : { SpecialToken: { id: name, type_id: 0 } },
  );
  const tokens = new Set(names.filter((name) => name !== '$A'));
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, { Sequence: { id: 'B', type_id: 0 } }],
    special_tokens: Object.fromEntries(Array.from(tokens, (token) => [token, { id: token, ids: [idOf(token)], tokens: [token] }])),
  };
}
