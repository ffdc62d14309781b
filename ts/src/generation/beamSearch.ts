/** The most probable texts that go on from prompts. */

import { Beams, type BeamHypothesis } from './beams.js';
import type { NextTokens, PromptedLanguage } from './nextTokens.js';
import { beamSettings, constraintSettings, type BeamSearchOptions } from './options.js';
import { Turns } from './turns.js';

/**
 * Beam search. For each prompt, the best texts, best first. Of equally probable ones the earlier beam goes
 * first, then the smaller id.
 *
 * @param next has read the prompts, a row each; it is disposed of in any case
 * @param firstScores those of what may follow the prompts, `[rows × size]`
 * @param options as they passed the check of `BEAM_SEARCH_OPTIONS`
 * @throws CancelledError when the signal is aborted
 * @throws UsageError (`bad_option`) for ids that there are not, and for more texts than beams;
 *   (`nothing_allowed`) where the options rule out every token
 * @throws OstinatoError (`not_finite`) where the model gives scores that are no numbers
 */
export async function beamSearch(
  next: NextTokens,
  firstScores: Float32Array,
  options: BeamSearchOptions,
  language: PromptedLanguage,
): Promise<BeamHypothesis[][]> {
  try {
    const turns = new Turns(options.signal);
    const settings = { ...beamSettings(options), ...constraintSettings(options, language, next.size) };
    const searches = language.prompts.map((prompt) => new Beams(prompt, language, settings));
    let scores = firstScores;
    for (;;) {
      let first = 0;
      const kept = searches.flatMap((search) => {
        const start = first;
        first += search.width;
        if (search.width === 0) return [];
        const steps = search.step(scores.subarray(start * next.size, first * next.size), next.size);
        return steps.map(({ beam, id }) => ({ row: start + beam, id }));
      });
      if (kept.length === 0) return searches.map(({ best }) => best);
      if (kept.length !== first || kept.some(({ row }, place) => row !== place)) await next.select(kept.map(({ row }) => row));
      scores = await next.feed(Int32Array.from(kept, ({ id }) => id));
      await turns.take();
    }
  } finally {
    next.dispose();
  }
}
