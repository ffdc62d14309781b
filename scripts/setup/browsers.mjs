// Browsers for the tests in a page.
import { which } from './command.mjs';
import { aptInstall } from './debian.mjs';
import { Failure } from './failure.mjs';
import { step } from './step.mjs';

/** Path of a browser: the one that a variable of the environment names, one on PATH, else Debian's package. */
async function ensure({ title, variable, names, debian }) {
  const find = () => process.env[variable] ?? names.map((name) => which(name)).find(Boolean);
  const found = find();
  if (found) return found;
  let reason = '';
  await step(`Installing Debian's ${title}`, async () => {
    reason = (await aptInstall([debian])).output;
  });
  const installed = find();
  if (installed) return installed;
  throw new Failure(`The tests in a page need ${title}: install it, or set ${variable} to its program.`, reason);
}

/** Path of a Chromium or Chrome. */
export const ensureChromium = () =>
  ensure({
    title: 'Chromium',
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debian: 'chromium',
  });

/** Path of a Firefox. */
export const ensureFirefox = () =>
  ensure({ title: 'Firefox', variable: 'FIREFOX_PATH', names: ['firefox', 'firefox-esr'], debian: 'firefox-esr' });
