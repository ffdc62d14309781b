import { output, rowOf, type Tagger } from 'ostinato';
import { describe, expect, it } from 'vitest';
import { decodeTags, encodeTags } from '../../ts/src/text/tagScheme.js';
import { engineForFile, trainSmall } from './engine.js';

const engine = await engineForFile();

/** Ids of words and of characters, as they stand in the model file. */
interface Ids {
  words: Map<string, number>;
  characters: Map<string, number>;
}

/** Every sound tag sequence of a sentence with its probability, computed in f64 from emissions and transitions. */
async function enumerate(tagger: Tagger, ids: Ids, tokens: readonly string[]) {
  const { model, settings } = tagger;
  const { tags } = await tagger.marginals(['x']);
  const decode = model.spec.entries['decode'];
  const nodes = decode?.nodes.filter(({ type }) => type !== 'crf_decode') ?? [];
  await model.addEntry('emissions', { nodes, outputs: { emissions: 'linear' } });
  const [transitions, start, end] = await Promise.all(
    ['crf.transitions', 'crf.start_transitions', 'crf.end_transitions'].map((name) => model.parameter(name)),
  );
  const emissions = await emissionsOf(tagger, ids, tokens);
  const weigh = (path: readonly number[]): number =>
    path.reduce(
      (sum, tag, t) => sum + (emissions[t * tags.length + tag] ?? 0) + (t > 0 ? (transitions?.[(path[t - 1] ?? 0) * tags.length + tag] ?? 0) : 0),
      (start?.[path[0] ?? 0] ?? 0) + (end?.[path.at(-1) ?? 0] ?? 0),
    );
  const sound: { names: string[]; weight: number }[] = [];
  for (let code = 0; code < tags.length ** tokens.length; code += 1) {
    const path = tokens.map((_, t) => Math.floor(code / tags.length ** t) % tags.length);
    const names = path.map((id) => tags[id] as string);
    if (encodeTags(decodeTags(names), names.length, settings.scheme).join() === names.join()) sound.push({ names, weight: weigh(path) });
  }
  const most = Math.max(...sound.map(({ weight }) => weight));
  const total = sound.reduce((sum, { weight }) => sum + Math.exp(weight - most), 0);
  return { tags, sequences: sound.map(({ names, weight }) => ({ names, probability: Math.exp(weight - most) / total })) };
}

async function emissionsOf({ model }: Tagger, { words, characters }: Ids, tokens: readonly string[]): Promise<Float32Array> {
  const look = (table: Map<string, number>, key: string): number => table.get(key) ?? 1;
  const spelled = tokens.map((token) => [...token]);
  const outputs = await model.predict('emissions', {
    rows: 1,
    lengths: { tokens: [tokens.length], characters: spelled.map(({ length }) => length) },
    inputs: {
      words: tokens.map((token) => look(words, token.toLowerCase())),
      characters: spelled.flat().map((letter) => look(characters, letter)),
    },
  });
  return rowOf(output(outputs, 'emissions', 'matrix'), 0);
}

/** Reads a tagger's file as a stranger would. */
async function idsOf(tagger: Tagger): Promise<Ids> {
  const bytes = await tagger.toBytes();
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as { __metadata__: Record<string, string> };
  const table = (name: string) =>
    new Map((JSON.parse(header.__metadata__[name] ?? '{}') as { tokens: string[] }).tokens.map((token, index) => [token, index + 2]));
  return { words: table('words'), characters: table('characters') };
}

const sentences = [
  ['lunch', 'with', 'Ana'],
  ['Chen', 'Wei', 'in', 'Santa'],
  ['Fe', 'Oslo', 'Ana', 'Bo'],
  ['unheard', '王', '🍜'],
  ['Lima'],
];

describe.each(['BIO', 'BIOES', 'BMES'] as const)('a tagger in %s', async (scheme) => {
  // Few epochs leave it in doubt, so that probabilities are far from 0 and 1.
  const tagger = await trainSmall(engine, { scheme, epochs: 3, seed: 2 });
  const ids = await idsOf(tagger);

  it.each(sentences.map((tokens) => [tokens.join(' '), tokens] as const))('knows all probabilities of "%s"', async (_, tokens) => {
    const { tags, sequences } = await enumerate(tagger, ids, tokens);
    const best = sequences.reduce((a, b) => (b.probability > a.probability ? b : a));

    const entities = await tagger.tag(tokens);
    expect(entities.map(({ type, start, end }) => ({ type, start, end }))).toEqual(decodeTags(best.names));
    for (const { type, start, end, score } of entities) {
      const having = sequences.filter(({ names }) =>
        decodeTags(names).some((span) => span.type === type && span.start === start && span.end === end),
      );
      expect(score).toBeCloseTo(having.reduce((sum, { probability }) => sum + probability, 0), 4);
    }

    const { probabilities } = await tagger.marginals(tokens);
    tokens.forEach((_token, t) =>
      tags.forEach((tag, place) => {
        const sum = sequences.filter(({ names }) => names[t] === tag).reduce((total, { probability }) => total + probability, 0);
        expect(probabilities[t * tags.length + place]).toBeCloseTo(sum, 4);
      }),
    );

    const n = Math.min(8, sequences.length);
    const likeliest = [...sequences].sort((a, b) => b.probability - a.probability).slice(0, n);
    const readings = await tagger.nBest(tokens, { n });
    expect(readings).toHaveLength(n);
    readings.forEach(({ probability, logProbability, entities: found }, index) => {
      expect(probability).toBeCloseTo(likeliest[index]?.probability ?? 0, 4);
      expect(Math.exp(logProbability)).toBeCloseTo(probability, 12);
      const spans = JSON.stringify(found.map(({ type, start, end }) => ({ type, start, end })));
      const same = sequences.find(({ names }) => JSON.stringify(decodeTags(names)) === spans);
      expect(same?.probability).toBeCloseTo(probability, 4);
    });
  });

  it('gives all the readings there are, and no more', async () => {
    const readings = await tagger.nBest(['Oslo'], { n: 50 });
    expect(readings).toHaveLength(3);
    expect(readings.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
  });
});

describe('n-best over several sentences', () => {
  it('multiplies probabilities', async () => {
    const tagger = await trainSmall(engine, { epochs: 3, seed: 2 });
    const [first, second] = ['Lunch with Ana.', 'Jun comes from Ulm.'];
    const [a, b, both] = await Promise.all([first, second, `${first} ${second}`].map((text) => tagger.nBest(text as string, { n: 12 })));
    const products = (a ?? [])
      .flatMap((x) => (b ?? []).map((y) => x.logProbability + y.logProbability))
      .sort((x, y) => y - x)
      .slice(0, 12);
    expect(both).toHaveLength(12);
    both?.forEach(({ logProbability }, index) => expect(logProbability).toBeCloseTo(products[index] ?? 0, 4));
    const shift = (first as string).length + 1;
    const expected = [...(a?.[0]?.entities ?? []), ...(b?.[0]?.entities ?? []).map((entity) => ({ ...entity, start: entity.start + shift, end: entity.end + shift }))];
    expect(both?.[0]?.entities).toEqual(expected);
    tagger.dispose();
  });

  it('reads an empty text in one way', async () => {
    const tagger = await trainSmall(engine, { epochs: 1 });
    expect(await tagger.nBest('')).toEqual([{ probability: 1, logProbability: 0, entities: [] }]);
    tagger.dispose();
  });
});
