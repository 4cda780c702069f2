import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { type DataSource } from 'typeorm';
import { collectionEventTypes } from '#collection';
import { type MunicipalityEstablished, type WasteWeighed } from '#collection/events';
import {
  type Append,
  EventRegistry,
  type EventStore,
  eventStoreMigrations,
  PostgresEventStore,
  START,
} from '#event-store';
import { type DomainEvent } from '#kernel';
import { migrate, openDatabase } from '#platform';
import { rewardsEventTypes, rewardsProjections, rewardsReadModelMigrations } from '#rewards';
import { type SchemePublished } from '#rewards/events';
import {
  type Projection,
  ProjectionRunner,
  ReadModelProgress,
  rebuildProjection,
  subscriptionsReadModelMigrations,
  verifyProjection,
} from '#subscriptions';
import { beside, type Figure } from './figure.js';

const PROJECTION = 'credit-balance';
const EVENTS = Number(process.env['BENCH_PROJECTION_EVENTS'] ?? 200_000);
const HOUSEHOLDS = Array.from({ length: 1_000 }, () => uuidv7());
const MATERIALS = ['organic', 'paper', 'metal', 'plastic', 'glass', 'textiles'] as const;
const APPENDS_PER_BATCH = 500;
const EVENTS_PER_READ = 2_000;
const LIVE_EVENTS = 200;
const CATCH_UP_MS_MAX = 60_000;
const BYTES_PER_MEGABYTE = 1_048_576;

/**
 * How fast the credit projection follows a log that holds a village's years: from nothing, rebuilt beside what serves,
 * and one event at a time. The peer is reading the same events without folding them.
 * @param url of an empty database
 */
export async function benchProjection(url: string): Promise<readonly Figure[]> {
  await migrate(url, {
    core: eventStoreMigrations,
    readModel: [...subscriptionsReadModelMigrations, ...rewardsReadModelMigrations],
  });
  const store = await PostgresEventStore.open(url);
  const dataSource = await openDatabase(url);
  try {
    await fillLog(store);
    return await measure(store, dataSource, creditProjection());
  } finally {
    await dataSource.destroy();
    await store.close();
  }
}

async function measure(store: EventStore, dataSource: DataSource, projection: Projection): Promise<readonly Figure[]> {
  const registry = new EventRegistry([...collectionEventTypes, ...rewardsEventTypes]);
  const source = { store, registry, dataSource };
  const reading = { name: 'reading the log', ...(await rate(() => readThrough(store))) };

  const runner = new ProjectionRunner({ ...source, projections: [projection] });
  const progress = new ReadModelProgress(dataSource, [projection]);
  const head = await store.head();
  try {
    const caughtUp = await rate(async () => {
      runner.start();
      await progress.waitFor(head, { timeoutMs: CATCH_UP_MS_MAX });
    });
    const live = await appendToReadable(store, progress);
    let bytesMax = 0;
    const onProgress = () => (bytesMax = Math.max(bytesMax, process.memoryUsage().rss));
    const rebuilt = await rate(() => rebuildProjection(source, projection, { onProgress }));
    const verified = await rate(() => verifyProjection(source, projection));
    return [
      reading,
      beside({ name: `${PROJECTION} catching up`, ...caughtUp }, reading),
      beside({ name: `${PROJECTION} rebuilt while it serves`, ...rebuilt }, reading),
      {
        name: `memory of the process during the rebuild of ${EVENTS.toLocaleString('en')} events`,
        value: bytesMax / BYTES_PER_MEGABYTE,
        unit: 'MB',
      },
      beside({ name: `${PROJECTION} verified row by row`, ...verified }, reading),
      { name: `append to readable in ${PROJECTION}, median`, value: percentile(live, 0.5), unit: 'ms' },
      { name: `append to readable in ${PROJECTION}, 95 %`, value: percentile(live, 0.95), unit: 'ms' },
    ];
  } finally {
    await runner.stop();
    await progress.close();
  }
}

async function rate(work: () => Promise<unknown>): Promise<{ readonly value: number; readonly unit: string }> {
  const startedMs = performance.now();
  await work();
  return { value: EVENTS / ((performance.now() - startedMs) / 1_000), unit: 'events/s' };
}

async function readThrough(store: EventStore): Promise<void> {
  for (let after = START; ;) {
    const events = await store.readAll({ after, max: EVENTS_PER_READ });
    after = events.at(-1)?.position ?? after;
    if (events.length < EVENTS_PER_READ) return;
  }
}

/** Milliseconds from the call of append to the moment in which a query would find the credit. */
async function appendToReadable(store: EventStore, progress: ReadModelProgress): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let n = 0; n < LIVE_EVENTS; n += 1) {
    const startedMs = performance.now();
    const result = await store.append(append(weighing(n)));
    if (result.outcome !== 'appended') throw new Error(`Not appended: ${result.outcome}`);
    await progress.waitFor(result.position, { timeoutMs: CATCH_UP_MS_MAX });
    waits.push(performance.now() - startedMs);
  }
  return waits.sort((a, b) => a - b);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

function creditProjection(): Projection {
  const found = rewardsProjections().find(({ name }) => name === PROJECTION);
  if (found === undefined) throw new Error(`There is no projection ${PROJECTION}`);
  return found;
}

async function fillLog(store: EventStore): Promise<void> {
  await store.appendBatch([append(MUNICIPALITY), append(SCHEME)]);
  for (let done = 2; done < EVENTS; done += APPENDS_PER_BATCH) {
    const count = Math.min(APPENDS_PER_BATCH, EVENTS - done);
    await store.appendBatch(Array.from({ length: count }, (_, n) => append(weighing(done + n))));
  }
}

function append(event: DomainEvent): Append {
  const id = randomUUID();
  const metadata = { municipalityId: 'beitillu', correlationId: id, causationId: id, actor: 'bench' };
  return { stream: `bench-${id}`, expected: 'no-stream', events: [{ id, schemaVersion: 1, metadata, ...event }] };
}

const MUNICIPALITY: MunicipalityEstablished = {
  type: 'MunicipalityEstablished',
  data: {
    municipalityId: 'beitillu',
    name: { ar: 'بيتللو', en: 'Beitillu' },
    timeZone: 'Asia/Hebron',
    currency: { code: 'ILS', decimals: 2 },
  },
};

const SCHEME: SchemePublished = {
  type: 'SchemePublished',
  data: {
    municipalityId: 'beitillu',
    schemeId: 'rewards',
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00.000Z',
    scheme: {
      title: { ar: 'مكافآت', en: 'Rewards' },
      creditsPerKilogram: { plastic: '2.5', paper: '1', metal: '3', glass: '0.5', organic: '0.07' },
      earnsDespite: [],
      feeReductionPerCredit: '0.10',
      yearlyFee: '120.00',
      yearlyReductionMax: '60.00',
    },
  },
};

const FIRST_WEIGHING_MS = Date.parse('2026-01-02T06:00:00.000Z');
const BETWEEN_WEIGHINGS_MS = 60_000;

function weighing(n: number): WasteWeighed {
  const weighedAt = new Date(FIRST_WEIGHING_MS + n * BETWEEN_WEIGHINGS_MS).toISOString();
  const netGrams = 200 + ((n * 37) % 5_000);
  return {
    type: 'WasteWeighed',
    data: {
      weighingId: uuidv7(),
      scaleId: `beitillu-0${1 + (n % 5)}`,
      seq: n + 1,
      pointId: `point-${1 + (n % 5)}`,
      householdId: HOUSEHOLDS[n % HOUSEHOLDS.length] ?? null,
      cardHash: 'Zk1yQ2nYb0m5QkqgB1o0o3mS1b9i7Xl1v0s2q8d4e6c',
      material: MATERIALS[n % MATERIALS.length] ?? 'organic',
      grossGrams: netGrams + 400,
      tareGrams: 400,
      netGrams,
      entry: 'measured',
      reasons: [],
      alibiId: null,
      frame: 'ST,GS,    2.35,kg',
      weighedAt,
      clock: 'ntp',
      receivedAt: weighedAt,
      messageHash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
    },
  };
}
