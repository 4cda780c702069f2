import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { findChromium, LANGUAGES, launchChromium, type Role, settled, SIZES, Visitors } from './browser.js';

const FOLDER = path.resolve(import.meta.dirname, '../../docs/images');
const URL_DEFAULT = 'http://127.0.0.1:3000';

/** The first screen of each page, as the one who uses it most sees it. */
const PAGES: readonly (readonly [name: string, address: string, role?: Role])[] = [
  ['sign-in', '/sign-in'],
  ['household', '/household', 'household'],
  ['points', '/points', 'operator'],
  ['municipality', '/municipality', 'clerk'],
  ['households', '/municipality?tab=households', 'clerk'],
  ['scales', '/municipality?tab=scales', 'clerk'],
  ['stocks', '/stocks', 'recycler'],
  ['scheme', '/scheme', 'household'],
];

/**
 * Takes a picture of every page in both languages and both widths from a Mizan that is running as a demo, into
 * docs/images. Look at each, and ask whether you would put it on a municipality's wall.
 * @param url where it runs; by default where `npm start` puts it
 */
export async function takeScreenshots(url = URL_DEFAULT): Promise<void> {
  const chromiumPath = findChromium();
  if (chromiumPath === null) throw new Error('No Chromium found. Install one, or name it in CHROMIUM_PATH.');
  await mkdir(FOLDER, { recursive: true });
  const browser = await launchChromium(chromiumPath);
  const visitors = new Visitors(browser, url);
  try {
    for (const [name, address, role] of PAGES) {
      for (const language of LANGUAGES) {
        for (const size of SIZES) {
          const page = await visitors.open(address, { language, size, ...(role && { role }) });
          await settled(page);
          await page.screenshot({ path: path.join(FOLDER, `${name}-${language}-${size}.png`) });
          await visitors.close();
        }
      }
      console.log(name);
    }
  } finally {
    await browser.close();
  }
}
