import { prepare } from './prepare.mjs';

/** `npm start`: everything, on a machine that has only Node and npm. */
try {
  await prepare();
} catch (error) {
  console.error(`\nMizan could not be prepared.\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
process.setSourceMapsEnabled(true);
process.env.MIZAN_DEMO ??= '1';
await import('../../dist/apps/mizan/src/main.js');
