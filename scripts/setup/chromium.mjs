// A Chromium for the tests in a page.
import { which } from './command.mjs';
import { aptInstall } from './debian.mjs';
import { Failure } from './failure.mjs';
import { step } from './step.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function findChromium() {
  return process.env.CHROMIUM_PATH ?? names.map((name) => which(name)).find(Boolean);
}

/** Path of a Chromium or Chrome: `CHROMIUM_PATH`, one on PATH, else Debian's package. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  let reason = '';
  await step("Installing Debian's Chromium", async () => {
    reason = (await aptInstall(['chromium'])).output;
  });
  const installed = findChromium();
  if (installed) return installed;
  throw new Failure('The tests in a page need Chromium: install it, or set CHROMIUM_PATH to a Chrome or Chromium.', reason);
}
