import { describe, expect, it } from 'vitest';
import { entryOf, optimizer, schedule, SpecBuilder, type MatrixValue } from 'ostinato';

describe('SpecBuilder', () => {
  it('writes entries that share the nodes they have in common, each with what it needs', () => {
    const s = new SpecBuilder();
    const tokens = s.axis('tokens');
    const chars = s.axis('chars', { of: tokens });
    const words = s.ids('words', { axis: tokens, size: 20 });
    const letters = s.ids('letters', { axis: chars, size: 9 });
    const tags = s.ids('tags', { axis: tokens, size: 3, ignoreIndex: -100 });
    const word = s.lstm(s.embedding(letters, { name: 'letter', embeddingSize: 4 }), {
      name: 'speller',
      hiddenSize: 5,
      bidirectional: true,
    });
    const embedded = s.embedding(words, { embeddingSize: 6, paddingIdx: 0, parameters: { weight: { sparse: true } } });
    const x = s.concat([embedded, word.hN]);
    const dropped = s.dropout(x, { p: 0.5, locked: true });
    const scores = s.linear(s.gru(dropped, { hiddenSize: 7, layers: 2, resetAfter: false }), { outputSize: 3 });
    const loss = s.crossEntropy(scores, tags, { labelSmoothing: 0.1 });
    const spec = s.parameter('linear.bias', { lrScale: 2, decay: false }).entry('train', { loss }).entry('words', { x }).build();

    expect(spec.axes).toEqual({ tokens: {}, chars: { of: 'tokens' } });
    expect(spec.inputs).toEqual({
      words: { type: 'ids', axis: 'tokens', size: 20 },
      letters: { type: 'ids', axis: 'chars', size: 9 },
      tags: { type: 'ids', axis: 'tokens', size: 3, ignore_index: -100 },
    });
    expect(spec.parameters).toEqual({
      'embedding.weight': { sparse: true },
      'linear.bias': { lr_scale: 2, decay: false },
    });
    expect(spec.entries['words']).toEqual({
      nodes: [
        { name: 'letter', type: 'embedding', inputs: ['letters'], config: { embedding_size: 4 } },
        { name: 'speller', type: 'lstm', inputs: ['letter'], config: { hidden_size: 5, bidirectional: true } },
        { name: 'embedding', type: 'embedding', inputs: ['words'], config: { embedding_size: 6, padding_idx: 0 } },
        { name: 'concat', type: 'concat', inputs: ['embedding', 'speller.h_n'] },
      ],
      outputs: { x: 'concat' },
    });
    const train = spec.entries['train'];
    expect(train?.nodes.slice(0, 4)).toEqual(spec.entries['words']?.nodes);
    expect(train?.nodes.slice(4)).toEqual([
      { name: 'dropout', type: 'dropout', inputs: ['concat'], config: { p: 0.5, locked: true } },
      { name: 'gru', type: 'gru', inputs: ['dropout'], config: { hidden_size: 7, num_layers: 2, reset_after: false } },
      { name: 'linear', type: 'linear', inputs: ['gru'], config: { output_size: 3 } },
      { name: 'cross_entropy', type: 'cross_entropy', inputs: ['linear', 'tags'], config: { label_smoothing: 0.1 } },
    ]);
    expect(train?.outputs).toEqual({ loss: 'cross_entropy' });
    expect(structuredClone(spec)).toEqual(spec);
  });

  it('declares states, and writes what an entry carries on with all that it needs', () => {
    const s = new SpecBuilder();
    const x = s.matrix('x', { axis: s.axis('tokens'), width: 2 });
    const [h, c] = [s.state('h', { width: 3 }), s.state('c', { width: 3 })];
    const lstm = s.lstm(x, { hiddenSize: 3, h0: h, c0: c });
    const pooled = s.pool(x, { kind: 'mean' });
    const spec = s.entry('look', { pooled }, { carry: { h: lstm.hN, c: h } }).entry('plain', { h }).build();
    expect(spec.inputs).toMatchObject({ h: { type: 'matrix', width: 3, state: true }, c: { state: true } });
    expect(spec.entries['look']).toEqual({
      nodes: [
        { name: 'lstm', type: 'lstm', inputs: ['x', 'h', 'c'], config: { hidden_size: 3 } },
        { name: 'pool', type: 'pool', inputs: ['x'], config: { kind: 'mean' } },
      ],
      outputs: { pooled: 'pool' },
      carry: { h: 'lstm.h_n', c: 'h' },
    });
    expect(spec.entries['plain']).toEqual({ nodes: [], outputs: { h: 'h' } });
    expect(entryOf({ pooled }, { carry: { h: lstm.hN, c: h } })).toEqual(spec.entries['look']);
    expect(() => s.state('x', { width: 1 })).toThrow('input: expected a name that is not taken');
  });

  it('weighs the terms of a sum', () => {
    const s = new SpecBuilder();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => s.matrix(name, { width: 2 })) as [MatrixValue, MatrixValue, MatrixValue];
    const sum = s.sum([a, b, c], { name: 'mixed', weights: [1, 0.5, 2] });
    expect(s.entry('predict', { y: s.add(sum, a) }).build().entries['predict']?.nodes).toEqual([
      { name: 'mixed', type: 'add', inputs: ['a', 'b', 'c'], config: { weights: [1, 0.5, 2] } },
      { name: 'add', type: 'add', inputs: ['mixed', 'a'] },
    ]);
    expect(() => s.sum([])).toThrow(expect.objectContaining({ code: 'invalid_spec', message: 'sum: expected at least one value, given none' }));
  });

  it('names nodes that have no name, and refuses names that are taken', () => {
    const s = new SpecBuilder();
    const x = s.matrix('x', { width: 3, gradient: true });
    const y = s.linear(s.linear(s.linear(x, { outputSize: 2 }), { outputSize: 2 }), { outputSize: 2 });
    expect(() => s.matrix('x', { width: 1 })).toThrow('input: expected a name that is not taken, given "x"');
    expect(() => s.ids('linear', { size: 1 })).toThrow('input: expected a name that is not taken');
    expect(() => s.linear(x, { name: 'x', outputSize: 1 })).toThrow('node: expected a name that is not taken, given "x"');
    s.axis('tokens');
    expect(() => s.axis('tokens')).toThrow('axis: expected a name that is not taken');
    s.entry('predict', { y });
    expect(s.build().entries['predict']?.outputs).toEqual({ y: 'linear_3' });
    expect(() => s.entry('predict', { y })).toThrow('entry: expected a name that is not taken');
    expect(() => new SpecBuilder().build()).toThrow('expected at least one entry');
  });

  it('shares parameters, keeps their names as they are, and leaves out what no entry has', () => {
    const s = new SpecBuilder();
    const words = s.ids('words', { size: 5 });
    const x = s.embedding(words, { embeddingSize: 4 });
    const unused = s.linear(x, { name: 'later', outputSize: 5, parameters: { weight: { trainable: false } } });
    const tied = s.linear(x, { outputSize: 5, bias: false, share: { weight: 'embedding.weight' } });
    const spec = s.entry('predict', { tied }).build();
    expect(spec.entries['predict']?.nodes.at(-1)).toEqual({
      name: 'linear',
      type: 'linear',
      inputs: ['embedding'],
      config: { output_size: 5, bias: false },
      share: { weight: 'embedding.weight' },
    });
    expect(spec.parameters).toEqual({});
    expect(entryOf({ unused }).nodes.map(({ name }) => name)).toEqual(['embedding', 'later']);
  });

  it('links any block by its name on the wire', () => {
    const s = new SpecBuilder();
    const x = s.matrix('x', { width: 3 });
    const { y, attentionWeights } = s.node('crystal', [x], { y: 'matrix', attentionWeights: 'ids' }, { numFacets: 3 });
    expect(s.entry('predict', { y, attentionWeights }).build().entries['predict']).toEqual({
      nodes: [{ name: 'crystal', type: 'crystal', inputs: ['x'], config: { num_facets: 3 } }],
      outputs: { y: 'crystal', attentionWeights: 'crystal.attention_weights' },
    });
  });

  it('writes what regularises a language model, under the names of the wire', () => {
    const s = new SpecBuilder();
    const tokens = s.axis('tokens');
    const words = s.ids('words', { axis: tokens, size: 9 });
    const next = s.ids('next', { axis: tokens, size: 9, ignoreIndex: -1 });
    const x = s.embedding(words, { embeddingSize: 4, dropout: 0.1 });
    const h = s.rnn(x, { hiddenSize: 4, parameters: { weight_hh_l0: { drop: 0.5 } } });
    const output = s.adaptiveSoftmax(h, { outputSize: 9, cutoffs: [3, 5], divValue: 2 });
    const losses = [output.loss(next, { reduction: 'sum' }), s.activationRegularization(h), s.temporalActivationRegularization(h)];
    const spec = s
      .entry('train', { loss: s.sum(losses, { weights: [1, 2, 1] }), logProb: output.logProb() })
      .entry('predict', { logProb: output.logProb() })
      .build();
    expect(spec.parameters).toEqual({ 'rnn.weight_hh_l0': { drop: 0.5 } });
    const config = { output_size: 9, cutoffs: [3, 5], div_value: 2 };
    const parameters = ['head', 'tail.0.0', 'tail.0.1', 'tail.1.0', 'tail.1.1'].map((name) => `${name}.weight`);
    const name = 'adaptive_softmax';
    expect(spec.entries['train']?.nodes).toEqual([
      { name: 'embedding', type: 'embedding', inputs: ['words'], config: { embedding_size: 4, dropout: 0.1 } },
      { name: 'rnn', type: 'rnn', inputs: ['embedding'], config: { hidden_size: 4 } },
      { name, type: name, inputs: ['rnn', 'next'], config: { ...config, reduction: 'sum' } },
      { name: 'activation_regularization', type: 'activation_regularization', inputs: ['rnn'] },
      { name: 'activation_regularization_2', type: 'activation_regularization', inputs: ['rnn'], config: { temporal: true } },
      expect.objectContaining({ type: 'add', config: { weights: [1, 2, 1] } }),
      {
        name: `${name}_log_prob`,
        type: 'adaptive_log_softmax',
        inputs: ['rnn'],
        config,
        share: Object.fromEntries(parameters.map((parameter) => [parameter, `${name}.${parameter}`])),
      },
    ]);
    expect(spec.entries['predict']?.nodes.at(-1)).toEqual({ name, type: 'adaptive_log_softmax', inputs: ['rnn'], config });
  });

  it('gives all that is asked of a field one set of parameters', () => {
    const s = new SpecBuilder();
    const tokens = s.axis('tokens');
    const emissions = s.matrix('emissions', { axis: tokens, width: 3 });
    const tags = s.ids('tags', { axis: tokens, size: 3 });
    const constraints = { scheme: 'bio', tags: ['O', 'B-A', 'I-A'] } as const;
    const crf = s.crf(emissions, { constraints });
    const path = crf.decode();
    const { marginals, conditionals } = crf.marginals(path);
    const spec = s
      .entry('train', { loss: crf.loss(tags, { reduction: 'sum' }) })
      .entry('predict', { path, score: path.bestScore, marginals, conditionals })
      .entry('all', { ...crf.nBest(2), loss: s.crf(emissions).loss(tags) })
      .build();
    const shared = Object.fromEntries(
      ['transitions', 'start_transitions', 'end_transitions'].map((name) => [name, `crf.${name}`]),
    );
    expect(spec.entries['train']?.nodes).toEqual([
      { name: 'crf', type: 'crf', inputs: ['emissions', 'tags'], config: { constraints, reduction: 'sum' } },
    ]);
    expect(spec.entries['predict']).toEqual({
      nodes: [
        { name: 'crf', type: 'crf_decode', inputs: ['emissions'], config: { constraints } },
        { name: 'crf_marginals', type: 'crf_marginals', inputs: ['emissions', 'crf'], config: { constraints }, share: shared },
      ],
      outputs: {
        path: 'crf',
        score: 'crf.best_score',
        marginals: 'crf_marginals',
        conditionals: 'crf_marginals.conditionals',
      },
    });
    expect(spec.entries['all']?.nodes.map(({ name, type }) => [name, type])).toEqual([
      ['crf', 'crf_nbest'],
      ['crf_2', 'crf'],
    ]);
    expect(spec.entries['all']?.outputs).toMatchObject({ paths: 'crf', logProbability: 'crf.log_probability' });
    expect(() => s.linear(emissions, { name: 'crf', outputSize: 1 })).toThrow('not taken');
    expect(() => s.crf(emissions, { name: 'crf' })).toThrow('not taken');
  });
});

describe('optimisers and schedules', () => {
  it('are plain data under the names of the wire', () => {
    expect(optimizer.adamw({ learningRate: 0.002, betas: [0.9, 0.99], weightDecay: 0.1 })).toEqual({
      kind: 'adamw',
      learning_rate: 0.002,
      betas: [0.9, 0.99],
      weight_decay: 0.1,
    });
    expect(optimizer.sgd()).toEqual({ kind: 'sgd' });
    expect(schedule.oneCycle({ totalSteps: 100, maxLr: 0.1, pctStart: 0.2 })).toEqual({
      kind: 'one_cycle',
      total_steps: 100,
      max_lr: 0.1,
      pct_start: 0.2,
    });
    expect(schedule.cosine({ tMax: 10, etaMin: 0 })).toEqual({ kind: 'cosine', t_max: 10, eta_min: 0 });
  });
});
