/**
 * A small template grammar.
 *
 * Rules are plain objects: name → list of templates, or name → function of the random source that returns a template.
 * A template is text with
 *   `{rule}`         the expansion of a rule
 *   `{PERSON}`       the expansion of the rule `person`, marked as an entity of type PERSON
 *   `{TITLE:task}`   the expansion of the rule `task`, marked as TITLE
 *   `(a|b|)`         one of several, one of which may be empty
 *   `*3 text`        (at the very start) three times as likely as its neighbours
 * An expansion is a list of parts `{ text, type? }`.
 */
export class Grammar {
  #rules = {};
  #weighted = new Map();
  #parsed = new Map();

  /** `groups` is a list of rule objects; a rule stands in one of them only. */
  constructor(groups) {
    for (const [name, rule] of groups.flatMap(Object.entries)) {
      if (name in this.#rules) throw new Error(`the grammar has two rules "${name}"`);
      this.#rules[name] = rule;
    }
  }

  /** Expands a template. */
  expand(template, random) {
    const parts = [];
    this.#walk(this.#parse(template), random, parts, undefined);
    return parts;
  }

  /** The templates of a rule, each as often as its weight says. */
  templates(rule) {
    return this.#options(rule).flatMap(({ weight, template }) => Array(weight).fill(template));
  }

  #options(rule) {
    if (!this.#weighted.has(rule)) {
      const list = this.#rules[rule];
      if (!Array.isArray(list) || list.length === 0) throw new Error(`the grammar has no rule "${rule}"`);
      const options = list.map((text) => {
        const weighted = /^\*(\d+) /.exec(text);
        return weighted ? { weight: Number(weighted[1]), template: text.slice(weighted[0].length) } : { weight: 1, template: text };
      });
      this.#weighted.set(rule, options);
    }
    return this.#weighted.get(rule);
  }

  #choose(rule, random) {
    if (typeof this.#rules[rule] === 'function') return this.#rules[rule](random);
    const options = this.#options(rule);
    const total = options.reduce((sum, option) => sum + option.weight, 0);
    let left = random.next() * total;
    for (const option of options) {
      left -= option.weight;
      if (left < 0) return option.template;
    }
    return options[options.length - 1].template;
  }

  #walk(nodes, random, parts, type) {
    for (const node of nodes) {
      if (node.kind === 'text') append(parts, node.text, type);
      else if (node.kind === 'choice') this.#walk(random.pick(node.options), random, parts, type);
      else {
        if (node.type !== undefined && type !== undefined) throw new Error(`entity ${node.type} inside an entity ${type}`);
        // Entities never merge with what precedes them, even when that has the same type.
        if (node.type !== undefined) parts.push({ text: '', type: node.type });
        this.#walk(this.#parse(this.#choose(node.rule, random)), random, parts, type ?? node.type);
        if (node.type !== undefined) parts.push({ text: '' });
      }
    }
  }

  #parse(template) {
    let nodes = this.#parsed.get(template);
    if (nodes === undefined) {
      const reader = { text: template, at: 0 };
      nodes = parseSequence(reader, false);
      if (reader.at !== template.length) throw new Error(`unbalanced template: ${template}`);
      this.#parsed.set(template, nodes);
    }
    return nodes;
  }
}

function append(parts, text, type) {
  const last = parts[parts.length - 1];
  if (last !== undefined && last.type === type) last.text += text;
  else parts.push(type === undefined ? { text } : { text, type });
}

function parseSequence(reader, nested) {
  const nodes = [];
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at];
    if (nested && (character === '|' || character === ')')) break;
    if (character === '{') nodes.push(parseReference(reader));
    else if (character === '(') nodes.push(parseChoice(reader));
    else if (character === ')' || character === '}') throw new Error(`stray "${character}" in template: ${reader.text}`);
    else {
      const rest = /^[^{}()|]+/.exec(reader.text.slice(reader.at));
      if (rest === null) throw new Error(`stray "${character}" in template: ${reader.text}`);
      nodes.push({ kind: 'text', text: rest[0] });
      reader.at += rest[0].length;
    }
  }
  return nodes;
}

function parseReference(reader) {
  const match = /^\{(?:([A-Z]+):)?([A-Za-z]+)\}/.exec(reader.text.slice(reader.at));
  if (match === null) throw new Error(`bad slot in template: ${reader.text}`);
  reader.at += match[0].length;
  const [, type, name] = match;
  if (type !== undefined) return { kind: 'slot', type, rule: name };
  return /^[A-Z]+$/.test(name) ? { kind: 'slot', type: name, rule: name.toLowerCase() } : { kind: 'slot', rule: name };
}

function parseChoice(reader) {
  const options = [];
  do {
    reader.at += 1;
    options.push(parseSequence(reader, true));
  } while (reader.text[reader.at] === '|');
  if (reader.text[reader.at] !== ')') throw new Error(`unclosed "(" in template: ${reader.text}`);
  reader.at += 1;
  return { kind: 'choice', options };
}
