import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONTEXTS } from '#composition';
import { EventRegistry, START } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { type Projection, readModelAsOf, subscriptionsReadModelMigrations } from '#subscriptions';
import { appendSamples, openReadModel, type TestReadModel } from '#subscriptions/testing';
import { SeededRandom } from '../../devices/scale-simulator/src/village/seeded-random.js';
import { randomHistory } from './random-history.js';

/** The kit brings the tables of the checkpoints itself. */
const TABLES = CONTEXTS.migrations.readModel.filter(
  (migration) => !subscriptionsReadModelMigrations.includes(migration),
);

describe.each(['olive', 'almond', 'fig'])('a history of Beitillu (%s)', (seed) => {
  const history = randomHistory(seed);
  const registry = new EventRegistry(CONTEXTS.eventTypes);
  let nowMs = Date.parse('2027-01-05T08:00:00.000Z');
  const store = new InMemoryEventStore(() => nowMs);
  let readModel: TestReadModel;

  beforeAll(async () => {
    readModel = await openReadModel(TABLES);
    const random = new SeededRandom('clock', seed);
    for (const event of history) {
      // Now and then several are recorded in one millisecond.
      if (random.chance(0.7)) nowMs += Math.floor(random.between(1, 5_000));
      await appendSamples(store, [event]);
    }
  });
  afterAll(() => readModel.close());

  it.each(CONTEXTS.projections.map((projection) => [projection.name, projection] as const))(
    'makes %s, at each position, what folding the events up to there makes it',
    async (_, projection) => {
      const source = { store, registry, dataSource: readModel.database };
      const asOf = (position: string) =>
        readModelAsOf(source, projection, position, (tx) =>
          tablesOf(projection, (table) => tx.query(`SELECT * FROM ${table} AS one ORDER BY one::text COLLATE "C"`)),
        );
      // The served tables stand by as the other way to get there: event by event, and nothing to stop before.
      const folded = () => tablesOf(projection, (table) => readModel.rows(table));
      expect(await asOf(START)).toEqual(await folded());
      for (const event of store.all().map((one) => registry.upcast(one))) {
        if (!projection.handles.includes(event.type)) continue;
        const before = (BigInt(event.position) - 1n).toString();
        expect([before, await asOf(before)]).toEqual([before, await folded()]);
        await readModel.project(projection, [event]);
        expect([event.position, await asOf(event.position)]).toEqual([event.position, await folded()]);
      }
      expect(await asOf(await store.head())).toEqual(await folded());
    },
  );

  it('was known at each time as far as it had been recorded by then', async () => {
    const times = [...new Set(store.all().map(({ recordedAt }) => recordedAt))];
    expect(times.length).toBeLessThan(history.length);
    for (const time of times) {
      const last = store.all().findLast(({ recordedAt }) => recordedAt <= time);
      expect(await store.positionAt(time)).toBe(last?.position);
      const justBefore = new Date(Date.parse(time) - 1).toISOString();
      expect(await store.positionAt(justBefore)).toBe(
        store.all().findLast(({ recordedAt }) => recordedAt < time)?.position ?? START,
      );
    }
  });
});

async function tablesOf<Rows>(
  { tables }: Projection,
  rowsOf: (table: string) => Promise<Rows>,
): Promise<Readonly<Record<string, Rows>>> {
  const found: Record<string, Rows> = {};
  for (const table of tables) found[table] = await rowsOf(table);
  return found;
}
