import { createEngine, type Engine } from 'ostinato';
import { afterAll } from 'vitest';
import { threads, variant } from '../variant.js';

const animals = ['cat', 'dog', 'horse', 'owl', 'trout', 'wren', 'newt', 'hare'];
const tools = ['saw', 'hammer', 'drill', 'chisel', 'plane', 'rasp', 'vice', 'awl'];
const meals = ['soup', 'bread', 'stew', 'salad', 'curry', 'cake', 'pasta', 'broth'];
const templates: readonly ((a: string, b: string) => string)[] = [
  (a, b) => `the ${a} and the ${b} are here`,
  (a, b) => `we have seen a ${a} , then one ${b}`,
  (a, b) => `no ${a} today but a ${b}`,
  (a, b) => `${a} or ${b} ?`,
];

/** Texts about two things of a kind, by templates and offsets: no two are equal. */
function about<const L extends string>(label: L, things: readonly string[], shifts: readonly number[]): { text: string; label: L }[] {
  return templates.flatMap((template) =>
    things.flatMap((thing, at) => shifts.map((shift) => ({ text: template(thing, things[(at + shift) % things.length] as string), label }))),
  );
}

const all = (shifts: readonly number[]) => [
  ...about('animal', animals, shifts),
  ...about('tool', tools, shifts),
  ...about('meal', meals, shifts),
];

/** 192 texts to learn from. */
export const training = all([1, 2]);
/** 96 texts with the same words put together in other ways. */
export const test = all([5]);

/** Texts with all that they are about, which may be nothing. */
export const several = [...animals.keys()].flatMap((at) =>
  [...templates.keys()].flatMap((turn) => {
    const template = templates[turn] as (a: string, b: string) => string;
    const [animal, tool, meal] = [animals[at], tools[(at + turn) % 8], meals[(at + 3 * turn) % 8]] as [string, string, string];
    return [
      { text: template(animal, tool), labels: ['animal', 'tool'] as const },
      { text: template(meal, 'thing'), labels: ['meal'] as const },
      { text: template('thing', 'matter'), labels: [] as const },
      { text: `${template(tool, meal)} and a ${animal}`, labels: ['meal', 'tool', 'animal'] as const },
    ];
  }),
);

const degrees = ['awful', 'poor', 'fair', 'good', 'great'] as const;
/** The levels of `rated`, from the lowest up. */
export const stars = ['1 star', '2 stars', '3 stars', '4 stars', '5 stars'] as const;
/** Texts with a level. */
export const rated = animals.flatMap((animal, at) =>
  degrees.flatMap((degree, level) =>
    [0, 1, 2].map((turn) => ({ text: `${templates[turn]?.(animal, tools[(at + turn) % 8] as string)} ${degree}`, label: stars[level] as (typeof stars)[number] })),
  ),
);

/** Sizes that are learnt in seconds. */
export const small = { embeddingSize: 16, hiddenSize: 16, learningRate: 0.02, epochs: 12 } as const;

/** An engine of the artifact that this run is about, for one test file. */
export async function engineForFile(): Promise<Engine> {
  const engine = await createEngine({ variant, threads });
  afterAll(() => engine.dispose());
  return engine;
}
