// A few sentences that a small tagger learns at once.
const people = ['Ana', 'Bruno', 'Dalia', 'Emre', 'Farah', 'Goran', 'Hana', 'Ivo'];
const places = ['Oslo', 'Lima', 'Kyoto', 'Porto', 'Quito', 'Riga', 'Tunis', 'Ulm'];

const templates = [
  (person, place) => `lunch with ${person} in ${place}`,
  (person, place) => `call ${person} before the flight to ${place}`,
  (person, place) => `please ask ${person} whether the office in ${place} is closed`,
];

function example(template, person, place) {
  return { text: template(person, place), entities: [{ type: 'PERSON', text: person }, { type: 'PLACE', text: place }] };
}

const shifted = (shift) => templates.flatMap((template) =>
  people.map((person, i) => example(template, person, places[(i + shift) % places.length])),
);

export const examples = [...shifted(0), ...shifted(3)];
export const heldBack = shifted(5);
