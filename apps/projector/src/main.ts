import 'reflect-metadata';
import { CONTEXTS } from '#composition';
import { Settings, START_FAILURES } from '#platform';
import { Projector } from './projector.js';

/** What an operator can repair is said in one sentence; anything else keeps its stack. */
const EXPECTED = new Set(START_FAILURES);

let starting: Promise<Projector> | undefined;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one no longer waits.
    if (stopping) process.exit(1);
    stopping = true;
    starting?.then((projector) => projector.stop()).then(() => process.exit(0), fail);
  });
}

try {
  starting = Projector.start(Settings.fromEnvironment(process.env), CONTEXTS);
  await starting;
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  const text = error instanceof Error ? (EXPECTED.has(error.name) ? error.message : error.stack) : String(error);
  console.error(`The projector could not ${stopping ? 'stop in order' : 'start'}.\n${text ?? ''}`);
  process.exit(1);
}
