// The programs that engines run in: two Nodes and perhaps a Python.
import { attempt, which } from '../../scripts/setup/command.mjs';
import { Failure } from '../../scripts/setup/failure.mjs';
import { ensureBaselineNode, ensureRelaxedNode } from '../../scripts/setup/host.mjs';

const versionOf = async (node) => (await attempt(node, ['--version'])).stdout.trim();

/** The version of torch that a Python has, or undefined. */
async function torchOf(python) {
  const { code, stdout } = await attempt(python, ['-c', 'import torch; print(torch.__version__)']);
  return code === 0 ? stdout.trim() : undefined;
}

/** @throws Failure when the Python that was named has no torch */
export async function findPython(named) {
  if (named !== undefined) {
    const torch = await torchOf(named);
    if (torch === undefined) throw new Failure(`--python: ${named} cannot import torch.`);
    return { python: named, torch };
  }
  for (const name of ['python3', 'python']) {
    const python = which(name);
    const torch = python && (await torchOf(python));
    if (torch) return { python, torch };
  }
  return {};
}

/**
 * `relaxed`, `baseline` and `python`: paths of programs, the last perhaps undefined; `versions` for people; `reasons`
 * for what is missing.
 */
export async function findHosts(named) {
  const { python, torch } = await findPython(named);
  const [relaxed, baseline] = [await ensureRelaxedNode(), await ensureBaselineNode()];
  return {
    relaxed, baseline, python,
    versions: { relaxed: `Node ${await versionOf(relaxed)}`, baseline: `Node ${await versionOf(baseline)}`, torch: torch && `PyTorch ${torch}` },
    reasons: { python: 'there is no Python with torch here; name one with --python' },
  };
}
