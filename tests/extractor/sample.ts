import type { RequestText } from 'ostinato';

const people = ['Ana', 'Bruno', 'Chen Wei', 'Dalia', 'Emre', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jun'];
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'next week', 'tomorrow', 'today', 'May 3', 'Sunday night'];

type Template = readonly [intent: string, text: (person: string, day: string, other: string) => string];

const templates: readonly Template[] = [
  ['create', (person, day) => `put lunch with ${person} on ${day}`],
  ['create', (person, day, other) => `book a table for ${person} and ${other} ${day}`],
  ['cancel', (person, day) => `drop the call with ${person} ${day}`],
  ['cancel', (_, day) => `nothing for me ${day} , drop it all`],
  ['ask', (person) => `when do I see ${person} ?`],
  ['ask', () => 'what is on the list ?'],
];

/** One request for each template, person and offset between person and day: easy to learn, and no two are equal. */
function requestsOf(shifts: readonly number[]): Required<Pick<RequestText, 'text' | 'intent' | 'entities'>>[] {
  return templates.flatMap(([intent, template], index) =>
    people.flatMap((person, row) =>
      shifts.map((shift) => {
        const at = row + shift + index;
        const [day, other] = [days[at % days.length] as string, people[(at + 5) % people.length] as string];
        const text = template(person, day, other === person ? 'Zoe' : other);
        const named = (type: string, value: string) => (text.includes(value) ? [{ type, text: value }] : []);
        const found = [...named('PERSON', person), ...(other === person ? [] : named('PERSON', other)), ...named('DATE', day)];
        return { text, intent, entities: found.filter((a, i) => found.findIndex((b) => b.text === a.text) === i) };
      }),
    ),
  );
}

/** 120 requests to learn from. */
export const training = requestsOf([0, 3]);
/** 60 requests with the same words put together in other ways. */
export const test = requestsOf([7]);

/** Sizes that are learnt in a second or two. */
export const small = {
  embeddingSize: 16, hiddenSize: 16, characterEmbeddingSize: 8, characterHiddenSize: 8, learningRate: 0.02, patience: 8, epochs: 20,
};
