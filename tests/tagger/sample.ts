import type { TaggedText, TaggedTokens } from 'ostinato';

const people = ['Ana', 'Bruno', 'Chen Wei', 'Dalia', 'Emre', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jun'];
const places = ['Oslo', 'Lima', 'Kyoto', 'Porto', 'Quito', 'Riga', 'Santa Fe', 'Tunis', 'Ulm', 'Vaasa'];

type Template = (person: string, place: string) => string;

const templates: readonly Template[] = [
  (person, place) => `lunch with ${person} in ${place}`,
  (person, place) => `call ${person} before the flight to ${place}`,
  (person, place) => `${place} : meet ${person} at noon`,
  (person, place) => `${person} comes from ${place} today`,
  (person) => `please remind ${person} of the meeting`,
  (_, place) => `the office in ${place} is closed`,
  () => 'nothing happens this week',
];

/** One text for each template, person and offset between person and place: easy to learn, and no two are equal. */
function textsOf(shifts: readonly number[]): TaggedText[] {
  return templates.flatMap((template, index) =>
    people.flatMap((person, row) =>
      shifts.map((shift): TaggedText => {
        const place = places[(row + shift + index) % places.length] as string;
        const text = template(person, place);
        const entities = [
          { type: 'PERSON', text: person },
          { type: 'PLACE', text: place },
        ].filter((entity) => text.includes(entity.text));
        return { text, entities };
      }),
    ),
  );
}

/** 140 texts to learn from. */
export const training = textsOf([0, 3]);
/** 70 texts with the same words put together in other ways. */
export const test = textsOf([5]);

/** Sizes that are learnt in a second. */
export const small = {
  embeddingSize: 16, hiddenSize: 16, characterEmbeddingSize: 8, characterHiddenSize: 8, learningRate: 0.02, patience: 6,
};

/** The same texts as tokens with tags. */
export function tagged(texts: readonly TaggedText[]): TaggedTokens[] {
  return texts.map(({ text, entities }) => {
    const tokens = text.split(' ');
    const tags = tokens.map(() => 'O');
    for (const entity of entities) {
      const words = (entity.text ?? '').split(' ');
      const start = tokens.findIndex((_, at) => words.every((word, index) => tokens[at + index] === word));
      words.forEach((_, index) => (tags[start + index] = `${index === 0 ? 'B' : 'I'}-${entity.type}`));
    }
    return { tokens, tags };
  });
}
