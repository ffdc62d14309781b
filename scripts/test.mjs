// Every test, or the suites that are named: npm test, npm test -- golden runtimes
import { isEntry, main, report } from './setup/entry.mjs';
import { Failure } from './setup/failure.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { say } from './setup/step.mjs';
import { buildTypeScript } from './build-ts.mjs';
import { buildWasm, everything } from './build-wasm.mjs';
import { choose, suites } from './testing/suites.mjs';
import { Tally } from './testing/tally.mjs';

if (isEntry(import.meta.url)) {
  await main(async (names) => {
    const chosen = choose(names);
    // A full run shows that every artifact can be built, those too that no suite runs yet.
    const artifacts = names.length === 0 ? everything : chosen.flatMap(({ needs }) => needs);
    if (chosen.length === 0) throw new Failure(`There is no such suite; there are ${Object.keys(suites).join(', ')}.`);
    const tally = new Tally();
    // What cannot be built or brought is a failed test too, and the closing line is always there.
    const counted = async (work) => {
      try {
        tally.add((await work()) ?? {});
        return true;
      } catch (error) {
        report(error);
        tally.add({ failed: 1 });
        return false;
      }
    };
    const built = await counted(async () => {
      await Promise.all([ensurePackages(), buildWasm(artifacts), buildTypeScript()]);
    });
    for (const { title, run } of built ? chosen : []) {
      say(`\n── ${title}`);
      await counted(run);
    }
    process.stdout.write(`\n${tally}\n`);
    return tally.failed === 0 ? 0 : 1;
  });
}
