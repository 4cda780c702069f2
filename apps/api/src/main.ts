import 'reflect-metadata';
import { Settings, START_FAILURES } from '#platform';
import { Api } from './api.js';

/** What an operator can repair is said in one sentence; anything else keeps its stack. */
const EXPECTED = new Set(['PortTaken', ...START_FAILURES]);

let starting: Promise<Api> | undefined;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one no longer waits.
    if (stopping) process.exit(1);
    stopping = true;
    if (starting === undefined) process.exit(0);
    starting.then((api) => api.stop()).then(() => process.exit(0), fail);
  });
}

try {
  starting = Api.start(Settings.fromEnvironment(process.env));
  const api = await starting;
  console.log(`The api listens on ${await api.url()}`);
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  const text = error instanceof Error ? (EXPECTED.has(error.name) ? error.message : error.stack) : String(error);
  console.error(`The api could not ${stopping ? 'stop in order' : 'start'}.\n${text ?? ''}`);
  process.exit(1);
}
