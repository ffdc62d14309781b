/** Texts with their entities marked. */

import { formatInline } from '../data/inline.js';
import type { Entity } from '../text/entity.js';
import { styled, type Screen, type Style } from './output.js';

/** Colours of labels, in turn. */
const COLOURS: readonly Style[] = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'];

/** A text with its entities marked as the stream can show them: with colours and scores on a terminal. */
export function marked(text: string, entities: readonly Entity[], labels: readonly string[], screen: Screen): string {
  if (screen.isTTY !== true) return formatInline(text, entities);
  let shown = '';
  let at = 0;
  for (const { type, start, end, score } of entities) {
    const colour = COLOURS[labels.indexOf(type) % COLOURS.length] ?? 'cyan';
    const entity = styled(colour, `[${text.slice(start, end)}]`, screen);
    shown += `${text.slice(at, start)}${entity}${styled('dim', `(${type} ${score.toFixed(2)})`, screen)}`;
    at = end;
  }
  return shown + text.slice(at);
}
