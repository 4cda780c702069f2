import 'reflect-metadata';
import { Settings, START_FAILURES } from '#platform';
import { Ingest } from './ingest.js';

/** What an operator can repair is said in one sentence; anything else keeps its stack. */
const EXPECTED = new Set(['PortTaken', 'BrokerUnavailable', ...START_FAILURES]);

let starting: Promise<Ingest> | undefined;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one no longer waits.
    if (stopping) process.exit(1);
    stopping = true;
    starting?.then((ingest) => ingest.stop()).then(() => process.exit(0), fail);
  });
}

try {
  starting = Ingest.start(Settings.fromEnvironment(process.env));
  await starting;
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  const text = error instanceof Error ? (EXPECTED.has(error.name) ? error.message : error.stack) : String(error);
  console.error(`Ingest could not ${stopping ? 'stop in order' : 'start'}.\n${text ?? ''}`);
  process.exit(1);
}
