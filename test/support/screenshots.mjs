import path from 'node:path';
import { runnerImport } from 'vite';

/** `npm run screenshots [-- URL]`: pictures of every page of a Mizan that runs, into docs/images. */
const { module } = await runnerImport(path.join(import.meta.dirname, 'screenshots.ts'), { configFile: false });
await module.takeScreenshots(process.argv[2]);
