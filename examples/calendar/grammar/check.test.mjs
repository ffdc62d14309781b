import assert from 'node:assert/strict';
import test from 'node:test';
import { faultsOf, faultsOfFile, leaksOf, shortfalls } from './check.mjs';
import { tidy } from './casual.mjs';
import { Grammar } from './grammar.mjs';
import { Random } from './random.mjs';
import { fingerprint, parseHandwritten, parseInline, sentenceOf, shapeOf } from './sentence.mjs';

const good = () => sentenceOf(parseInline('lunch with [Ana](PERSON) [tomorrow](DATE)'), 'create');
const spoiled = (entity) => ({ ...good(), entities: [entity] });

test('inline form gives exact UTF-16 offsets', () => {
  const { text, entities } = sentenceOf(parseInline('🎉和[王芳](PERSON)[开会](TITLE)'), 'create');
  assert.equal(text, '🎉和王芳开会');
  assert.deepEqual(entities, [{ start: 3, end: 5, type: 'PERSON' }, { start: 5, end: 7, type: 'TITLE' }]);
  assert.throws(() => parseInline('[Ana](PERSN)'), /unknown type/);
  assert.throws(() => parseInline('lunch with [Ana] (PERSON)'), /bracket/);
});

test('hand-written files need an intent before their sentences', () => {
  assert.deepEqual(parseHandwritten('# ask\n\nwhat is next\n').map(({ intent }) => intent), ['ask']);
  assert.throws(() => parseHandwritten('what is next\n'), /line 1/);
  assert.throws(() => parseHandwritten('# asks\n'), /unknown intent/);
});

test('a sound sentence has no faults, a spoiled one has', () => {
  assert.deepEqual(faultsOf(good()), []);
  assert.match(faultsOf(spoiled({ start: 11, end: 99, type: 'PERSON' }))[0], /out of range/);
  assert.match(faultsOf(spoiled({ start: 11, end: 11, type: 'PERSON' }))[0], /empty/);
  assert.match(faultsOf(spoiled({ start: 11, end: 15, type: 'PERSON' }))[0], /spaces around/);
  assert.match(faultsOf(spoiled({ start: 11, end: 13, type: 'PERSON' })).join(), /cuts a token/);
  assert.match(faultsOf(spoiled({ start: 6, end: 14, type: 'PERSON' }))[0], /leave out/);
  assert.match(faultsOf(spoiled({ start: 11, end: 14, type: 'NAME' }))[0], /unknown type/);
  assert.match(faultsOf({ ...good(), intent: 'greet' })[0], /unknown intent/);
  assert.match(faultsOf({ ...good(), text: `${good().text} ` })[0], /spaces around/);
  const [first, second] = good().entities;
  assert.match(faultsOf({ ...good(), entities: [first, { ...second, start: 11 }] }).join(), /overlaps/);
  assert.match(faultsOf({ ...good(), entities: [second, first] }).join(), /out of order/);
});

test('doubles are found whatever their case and punctuation', () => {
  assert.equal(fingerprint('Lunch, with ANA!'), fingerprint('lunch with ana'));
  assert.match(faultsOfFile('train', [good(), { ...good(), text: 'Lunch with ana tomorrow' }])[0], /the same sentence as line 1/);
});

test('a test sentence is given away by its words or by its shape', () => {
  const other = sentenceOf(parseInline('Lunch with [Bob](PERSON) [on Friday](DATE)?'), 'create');
  assert.equal(shapeOf(good()), shapeOf(other));
  assert.match(leaksOf([good()], [good()])[0], /also in training/);
  assert.match(leaksOf([other], [good()])[0], /same shape/);
  assert.deepEqual(leaksOf([sentenceOf(parseInline('dinner with [Bob](PERSON) [on Friday](DATE)'), 'create')], [good()]), []);
});

test('shortfalls name what is missing', () => {
  const faults = shortfalls('train', [good()], { sentences: 2, ofEachIntent: 1, ofEachType: 1 });
  assert.ok(faults.some((fault) => /1 sentences, promised 2/.test(fault)));
  assert.ok(faults.some((fault) => /0 % zh/.test(fault)));
  assert.ok(faults.some((fault) => /en move/.test(fault)));
  assert.ok(faults.some((fault) => /type TITLE/.test(fault)));
});

test('the grammar expands rules, choices and entities', () => {
  const grammar = new Grammar([{ person: ['Ana'], task: ['(call|ring) {name}'], name: (random) => (random.chance(1) ? 'mom' : 'dad') }]);
  assert.deepEqual(tidy(grammar.expand('to {TITLE:task} with {PERSON} (|)now', new Random(1))).map(({ type }) => type), [undefined, 'TITLE', undefined, 'PERSON', undefined]);
  assert.match(grammar.expand('{task}', new Random(1))[0].text, /^(call|ring) mom$/);
  assert.throws(() => grammar.expand('{nobody}', new Random(1)), /no rule "nobody"/);
  assert.throws(() => grammar.expand('(a|b', new Random(1)), /unclosed/);
  assert.throws(() => new Grammar([{ a: ['x'] }, { a: ['y'] }]), /two rules "a"/);
  assert.throws(() => new Grammar([{ a: ['{B}'], b: ['x'] }]).expand('{A}', new Random(1)), /inside an entity/);
});

test('weights multiply a template, the seed decides the draw', () => {
  const grammar = new Grammar([{ word: ['*3 often', 'seldom'] }]);
  assert.deepEqual(grammar.templates('word'), ['often', 'often', 'often', 'seldom']);
  const draw = (seed) => Array.from({ length: 400 }, ((random) => () => grammar.expand('{word}', random)[0].text)(new Random(seed)));
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  const often = draw(7).filter((word) => word === 'often').length;
  assert.ok(often > 270 && often < 330, `${often} of 400`);
});
