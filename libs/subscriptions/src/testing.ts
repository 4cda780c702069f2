import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import {
  type Append,
  type EventMetadata,
  type EventStore,
  type Position,
  type RecordedEvent,
  START,
} from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { type DomainEvent } from '#kernel';
import { migrate, type Migration, openDatabase } from '#platform';
import { eventually } from '../../../test/support/eventually.js';
import { startTestDatabase } from '../../../test/support/test-database.js';
import { identifier } from './database/identifier.js';
import { inTransaction, withConnection } from './database/transaction.js';
import { consumersOf } from './consumer/consumer.js';
import { fold } from './log/batch.js';
import { type LogSource } from './log/log-source.js';
import { subscriptionsMigrations, subscriptionsReadModelMigrations } from './migrations/index.js';
import { type Projection, type Recorded, type Transaction } from './projection.js';
import { missingTables } from './read-model.js';
import { rebuildProjection } from './rebuild/rebuild-projection.js';
import { verifyProjection } from './rebuild/verify-projection.js';
import { ProjectionRunner } from './running/projection-runner.js';

/** An event as an example: what it says matters, the rest is filled in the same way each time. */
export type SampleEvent<E extends DomainEvent = DomainEvent> = E extends DomainEvent
  ? {
      readonly type: E['type'];
      readonly data: E['data'];
      /** `beitillu` unless given. */
      readonly municipalityId?: string;
      /** 1 unless given. */
      readonly schemaVersion?: number;
      readonly id?: string;
      readonly stream?: string;
      readonly recordedAt?: string;
    }
  : never;

const FIRST_RECORDED_MS = Date.parse('2026-01-01T08:00:00.000Z');
const MINUTE_MS = 60_000;

/** Examples as the log would hold them after `after`: one minute apart unless they say otherwise. */
export function recorded<E extends DomainEvent>(
  samples: readonly SampleEvent<E>[],
  { after = START }: { readonly after?: Position } = {},
): Recorded<E>[] {
  return samples.map((sample, place) => {
    const position = (BigInt(after) + BigInt(place + 1)).toString();
    const event: RecordedEvent = {
      id: sample.id ?? sampleId(position),
      stream: sample.stream ?? `sample-${position}`,
      revision: 0,
      position,
      type: sample.type,
      schemaVersion: sample.schemaVersion ?? 1,
      data: sample.data,
      metadata: metadataOf(sample),
      recordedAt: sample.recordedAt ?? new Date(FIRST_RECORDED_MS + Number(position) * MINUTE_MS).toISOString(),
    };
    return event as Recorded<E>;
  });
}

/** Appends examples to a log, each to a stream of its own. */
export async function appendSamples<E extends DomainEvent>(
  store: EventStore,
  samples: readonly SampleEvent<E>[],
): Promise<void> {
  const results = await store.appendBatch(
    samples.map((sample): Append => {
      const id = sample.id ?? randomUUID();
      const { type, data, schemaVersion = 1, stream = `sample-${id}` } = sample;
      return { stream, expected: 'any', events: [{ id, type, data, schemaVersion, metadata: metadataOf(sample) }] };
    }),
  );
  for (const result of results) if (result.outcome === 'conflict') throw result.error;
}

/** A database with the tables of a read model, for one test file. */
export interface TestReadModel {
  readonly database: DataSource;
  readonly url: string;
  /**
   * Folds events as the runner would: one batch, one transaction; of a projection that is split each partition after the
   * other, or only one of them.
   */
  project<E extends DomainEvent>(
    projection: Projection<E>,
    events: readonly Recorded<E>[],
    partition?: number,
  ): Promise<void>;
  /** All rows of a table, in an order that depends on nothing but the rows. */
  rows(table: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** @param migrations what makes the tables; those of the subscriptions are applied too */
export async function openReadModel(migrations: readonly Migration[]): Promise<TestReadModel> {
  const test = await startTestDatabase();
  await migrate(test.url, {
    core: subscriptionsMigrations,
    readModel: [...subscriptionsReadModelMigrations, ...migrations],
  });
  const database = await openDatabase(test.url);
  return {
    database,
    url: test.url,
    project: (projection, events, partition) =>
      inTransaction(database, (tx) => foldAll(projection, events, tx, partition)),
    rows: (table) => withConnection(database, (session) => rowsOf(session, table)),
    async close() {
      await database.destroy();
      await test.stop();
    },
  };
}

export interface ProjectionContractKit<E extends DomainEvent> {
  /** What makes the projection's tables. */
  readonly migrations: readonly Migration[];
  /** In log order: at least one example of each handled type, better several that touch the same rows. */
  readonly samples: readonly SampleEvent<E>[];
  /** Tables whose rows belong to no municipality; every other must have a `municipality_id`. */
  readonly sharedTables?: readonly string[];
}

/** Ways of cutting the examples in two that are tried. */
const CUTS_MAX = 12;

/** What every projection promises, as tests. Call it in a `.db.spec.ts`. */
export function projectionContract<E extends DomainEvent>(
  projection: Projection<E>,
  kit: ProjectionContractKit<E>,
): void {
  describe(`the projection ${projection.name}`, () => {
    const { samples, migrations, sharedTables = [] } = kit;
    const events = recorded(samples);
    let readModel: TestReadModel;
    beforeAll(async () => {
      readModel = await openReadModel(migrations);
    });
    afterAll(() => readModel.close());

    const rowsAfter = (...batches: readonly (readonly Recorded<E>[])[]) =>
      rolledBack(readModel.database, async (tx) => {
        for (const batch of batches) {
          await foldAll(projection, batch, tx);
        }
        return allRows(tx, projection);
      });

    it('has its tables, and each row belongs to a municipality', async () => {
      expect(await missingTables(readModel.database, [projection])).toEqual([]);
      for (const table of projection.tables.filter((one) => !sharedTables.includes(one))) {
        expect([table, await columnsOf(readModel.database, table)]).toEqual([
          table,
          expect.arrayContaining(['municipality_id']),
        ]);
      }
    });

    it.each([...projection.handles])('is given an example of %s, and it matters', async (type) => {
      const without = events.filter((event) => event.type !== type);
      expect(without.length).toBeLessThan(events.length);
      const all = await rowsAfter(events);
      // Being unable to go on without it is a way of mattering, too.
      const rest = await rowsAfter(without).catch(() => undefined);
      expect(rest).not.toEqual(all);
    });

    it('folds to the same rows in one batch, event by event, and cut anywhere', async () => {
      const all = await rowsAfter(events);
      expect(await rowsAfter(...events.map((event) => [event]))).toEqual(all);
      const step = Math.max(1, Math.ceil(events.length / CUTS_MAX));
      for (let cut = step; cut < events.length; cut += step) {
        expect(await rowsAfter(events.slice(0, cut), events.slice(cut))).toEqual(all);
      }
    });

    it('leads to the same rows when it is rebuilt, and verification finds a row that was tampered with', () =>
      rebuildEqualsLive(readModel, projection, samples));
  });
}

const asItIs: LogSource['registry'] = { upcast: (event) => event };

async function foldAll<E extends DomainEvent>(
  projection: Projection<E>,
  events: readonly Recorded<E>[],
  tx: Transaction,
  only?: number,
): Promise<void> {
  for (const consumer of consumersOf(projection)) {
    if (only === undefined || only === consumer.partition.number) await fold(consumer, asItIs, events, tx);
  }
}

async function rebuildEqualsLive<E extends DomainEvent>(
  { database }: TestReadModel,
  projection: Projection<E>,
  samples: readonly SampleEvent<E>[],
): Promise<void> {
  const store = new InMemoryEventStore();
  const source = { store, registry: asItIs, dataSource: database };
  const middle = Math.ceil(samples.length / 2);
  await appendSamples<E>(store, samples.slice(0, middle));
  const runner = new ProjectionRunner({ ...source, projections: [projection] });
  runner.start();
  const caughtUp = () =>
    eventually(async () => {
      const head = await store.head();
      for (const state of runner.state()) expect(state).toMatchObject({ position: head, error: null });
    });
  try {
    await caughtUp();
    await appendSamples<E>(store, samples.slice(middle));
    await appendSamples(store, [{ type: 'NobodyListensToThis', data: {} }]);
    await caughtUp();
    const live = await withConnection(database, (session) => allRows(session, projection));
    expect(await verifyProjection(source, projection)).toMatchObject({ matches: true });
    await rebuildProjection(source, projection);
    expect(await withConnection(database, (session) => allRows(session, projection))).toEqual(live);
  } finally {
    await runner.stop();
  }
  for (const table of projection.tables) await findsTampering(source, projection, table);
}

async function findsTampering(
  source: LogSource & { readonly dataSource: DataSource },
  projection: Projection,
  table: string,
): Promise<void> {
  const name = identifier(table);
  const gone = await withConnection(source.dataSource, (session) =>
    session.query(`DELETE FROM ${name} WHERE ctid = (SELECT ctid FROM ${name} LIMIT 1) RETURNING *`),
  );
  const { tables } = await verifyProjection(source, projection);
  expect(tables.find((one) => one.table === table)?.onlyRebuilt.count).toBe(gone.length);
}

function metadataOf({ municipalityId = 'beitillu' }: { readonly municipalityId?: string }): EventMetadata {
  return { municipalityId, correlationId: 'sample', causationId: 'sample', actor: 'system' };
}

function sampleId(position: Position): string {
  return `00000000-0000-7000-8000-${position.padStart(12, '0')}`;
}

/** What `work` saw in a transaction that leaves nothing behind. */
function rolledBack<T>(database: DataSource, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return withConnection(database, async (session, runner) => {
    await runner.startTransaction();
    try {
      return await work(session);
    } finally {
      await runner.rollbackTransaction();
    }
  });
}

async function allRows(session: Transaction, projection: Pick<Projection, 'tables'>) {
  const rows: Record<string, readonly Record<string, unknown>[]> = {};
  for (const table of projection.tables) rows[table] = await rowsOf(session, table);
  return rows;
}

function rowsOf(session: Transaction, table: string): Promise<readonly Record<string, unknown>[]> {
  return session.query(`SELECT * FROM ${identifier(table)} AS one ORDER BY one::text COLLATE "C"`);
}

function columnsOf(database: DataSource, table: string): Promise<readonly string[]> {
  return withConnection(database, async (session) => {
    const columns = await session.query<{ name: string }>(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
      [table],
    );
    return columns.map(({ name }) => name);
  });
}
