import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cellCases, cellSpec } from '../../boundary/cells/cases.js';

describe('the graphs of cells', () => {
  // What Rust checks the gradients of; `npx vitest run --project unit cells -u` writes them anew.
  it.each(Object.entries(cellCases))('%s is the one whose gradients are checked', async (name, of) => {
    const path = fileURLToPath(new URL(`../../../crates/nn/tests/cells/${name}.json`, import.meta.url));
    const { nodes, outputs } = cellSpec(of).entries['cell']!;
    const inputs = Object.fromEntries(of.states.map((state) => [`${state}0`, cellSpec(of).inputs[`${state}0`]]));
    const graph = { width: of.width, states: inputs, nodes, outputs };
    await expect(`${JSON.stringify(graph, undefined, 1)}\n`).toMatchFileSnapshot(path);
  });
});
