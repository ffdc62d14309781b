import { describe, expect, test } from 'vitest';
import { ARCHITECTURES, CELLS } from '../../ts/src/models/languageModel/architecture.js';
import { pieceOf } from '../../ts/src/models/languageModel/pieces.js';
import { output } from '../../ts/src/training/output.js';
import { bits, engineForFile, text, trainSmall, unseen } from './sample.js';

const engine = await engineForFile();

describe.each(ARCHITECTURES)('a language model by %s', (architecture) => {
  const few = { architecture, layers: 2, dropout: 0.05, epochs: 6 };

  test('learns, and reads in pieces, and token by token, as in one go', async () => {
    const model = await trainSmall(engine, few);
    const first = model.report.epochs[0]?.dev?.['perplexity'] ?? NaN;
    expect(model.report.dev?.scores['perplexity']).toBeLessThan(first / 1.5);
    const long = text.slice(0, 600);
    const { tokens } = await model.score(long);
    const ids = Int32Array.from([0, ...[...long].map((character) => model.vocabulary.id(character))]);
    const whole = output(await model.model.predict('score', pieceOf([ids], 0, 600, 0)), 'logProbs', 'matrix');
    tokens.forEach((token, step) => {
      expect(token.logProb, `${step}`).toBeCloseTo(whole.data[step * whole.width + (ids[step + 1] as number)] as number, 3);
    });
    const state = await model.model.state();
    for (let step = 0; architecture !== 'feedForward' && step < 30; step += 1) {
      const batch = { rows: 1, lengths: { tokens: [1] }, inputs: { tokens: ids.subarray(step, step + 1) } };
      const next = output(await model.model.predict('next', batch, { state }), 'logProbs', 'matrix').data;
      next.forEach((logProb, id) => expect(logProb).toBeCloseTo(whole.data[step * whole.width + id] as number, 3));
    }
    const before = bits(model);
    expect(await model.perplexity(unseen, { dynamic: true })).toBeLessThan(2 * (await model.perplexity(unseen)));
    expect(bits(model)).toEqual(before);
    model.dispose();
  });

  const weighs = architecture !== 'feedForward' && CELLS[architecture].recurrent.length > 0;
  test(weighs ? 'drops weights between states' : 'has no weights between states to drop', async () => {
    const training = trainSmall(engine, { ...few, epochs: 1, weightDrop: 0.3 });
    if (!weighs) return expect(training).rejects.toMatchObject({ code: 'bad_option', message: expect.stringMatching(/^option weightDrop: expected 0/) });
    const [dropped, plain] = [await training, await trainSmall(engine, { ...few, epochs: 1 })];
    expect(bits(dropped)).not.toEqual(bits(plain));
  });
});
