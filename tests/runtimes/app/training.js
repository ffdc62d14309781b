// Runs unchanged in Node and in a page: trains a tagger on the baseline build and says what came out.
import { createEngine, Tagger } from 'ostinato';

const people = ['Ana', 'Bruno', 'Chen Wei', 'Dalia', 'Emre', 'Farah', 'Goran', 'Hana'];
const places = ['Oslo', 'Lima', 'Kyoto', 'Porto', 'Quito', 'Riga', 'Santa Fe', 'Tunis'];
/** @type {((person: string, place: string) => string)[]} */
const texts = [
  (person, place) => `lunch with ${person} in ${place}`,
  (person, place) => `call ${person} before the flight to ${place}`,
  (person, place) => `${place} : meet ${person} at noon`,
];

const sentences = people.flatMap((person, row) =>
  texts.map((text, column) => {
    const place = places[(row * 3 + column) % places.length] ?? 'Oslo';
    return {
      text: text(person, place),
      entities: [
        { type: 'PERSON', text: person },
        { type: 'PLACE', text: place },
      ],
    };
  }),
);

export const question = 'dinner with Farah in Kyoto';

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Hash of the numbers in a model file, past its header, which tells how long the training took.
 *
 * @param {Uint8Array<ArrayBuffer>} file
 */
function hashOfWeights(file) {
  const header = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  return sha256(file.slice(8 + header));
}

/**
 * Trains in an engine that it makes and disposes of; tags, and gives back the model file as well.
 *
 * @param {import('ostinato').EngineOptions} options
 */
export async function train(options = { variant: 'baseline' }, batchSize = 4) {
  const engine = await createEngine(options);
  const { threads, notice } = engine;
  const tagger = await Tagger.train(sentences, {
    engine, seed: 7, epochs: 40, patience: 40, batchSize, learningRate: 0.01, hiddenSize: 16, embeddingSize: 16,
  });
  const file = new Uint8Array(await tagger.toBytes());
  const result = { threads, notice, weights: await hashOfWeights(file), entities: await tagger.tag(question), file };
  tagger.dispose();
  engine.dispose();
  return result;
}

/** Trains on the threaded build with one thread and with two; batches are large enough to be shared. */
export async function trainWithThreads() {
  const results = [];
  for (const threads of [1, 2]) {
    const { file, ...result } = await train({ variant: 'threads', threads }, 16);
    results.push(result);
  }
  return results;
}

/**
 * Tags with a model file that another runtime saved.
 *
 * @param {string} source path or URL
 */
export async function tagWith(source) {
  const engine = await createEngine({ variant: 'baseline' });
  const tagger = await Tagger.load(source, { engine });
  const entities = await tagger.tag(question);
  tagger.dispose();
  engine.dispose();
  return entities;
}
