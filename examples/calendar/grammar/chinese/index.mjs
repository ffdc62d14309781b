import { ask, askRules } from './ask.mjs';
import { cancel, cancelRules } from './cancel.mjs';
import { context } from './context.mjs';
import { create, createRules } from './create.mjs';
import { move, moveRules } from './move.mjs';
import { people } from './people.mjs';
import { places } from './places.mjs';
import { remind, remindRules } from './remind.mjs';
import { titles } from './titles.mjs';
import { when } from './when.mjs';

/** The Chinese half of the grammar: sentence templates by intent, and the rules they use. */
export const chinese = {
  intents: { create, move, cancel, ask, remind },
  rules: [people, places, when, titles, createRules, moveRules, cancelRules, askRules, remindRules, context],
};
