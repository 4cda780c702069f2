import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Who reads the log, and why it never takes an older version of an event for the newest one. Everything else reads
 * through `Streams`, or is a projection.
 */
const READERS: Readonly<Record<string, string>> = {
  'apps/cli/src/check-log.ts': 'looks at positions and times only',
  'apps/cli/src/follow-log.ts': 'shows events as they were recorded, with their version',
  'apps/cli/src/show-log.ts': 'shows an event as it was recorded, and as it reads today',
  'apps/cli/src/show-stream.ts': 'looks at a position only',
  'libs/collection/src/record-weighing/steward.ts': 'looks at metadata only',
  'libs/event-store/src/streams.ts': 'upcasts',
  'libs/platform/src/health/read-model-metrics.ts': 'looks at a time only',
  'libs/subscriptions/src/log/batch.ts': 'upcasts in `fold`, on the way to any projection',
  'libs/subscriptions/src/log/log-reader.ts': 'reads for `fold`, which upcasts',
};

/** Engines, and what stands between them and the port, give events as they are stored. */
const BELOW_THE_PORT = /^libs\/event-store\/src\/(in-memory|kurrentdb|postgres|contract)\/|log-subscription\.ts$/;

it('nobody reads the log past the upcasters', () => {
  const sources = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  const readers = sources
    .filter((file) => file.endsWith('.ts') && !/(\.spec|testing)\.ts$/.test(file) && !BELOW_THE_PORT.test(file))
    .filter((file) => /\.(readAll|readStream)\(|\bsubscribeTo\(/.test(readFileSync(path.join(root, file), 'utf8')));
  expect(readers.sort()).toEqual(Object.keys(READERS));
});
