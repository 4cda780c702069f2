import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { PostgresEventStore, READ_EVENTS_MAX, START, eventStoreMigrations, type Append } from '#event-store';
import { migrate } from '#platform';
import { type Figure, beside } from './figure.js';

const CALLERS = [1, 16, 64] as const;
const EVENTS_PER_CALLERS = { 1: 500, 16: 4_000, 64: 8_000 };
const BATCH = 500;
const BATCHES = 20;
const BATCHES_AT_ONCE = 2;
/**
 * Each figure is the best of this many short turns, in each of which everything is measured once: other work on the
 * machine only ever slows down, and whatever is compared had the same chances.
 */
const TURNS = 12;

/**
 * The log beside what the same PostgreSQL does without its promises: a table with the same columns and indexes, filled
 * by one INSERT per event, or by one INSERT per 500 events.
 * @param url of an empty database
 */
export async function benchEventLog(url: string): Promise<readonly Figure[]> {
  await migrate(url, { core: eventStoreMigrations, readModel: [] });
  const pool = new Pool({ connectionString: url, max: Math.max(...CALLERS) });
  await createBareTable(pool);
  const store = await PostgresEventStore.open(url);
  const rates = new Rates();
  for (let turn = 0; turn < TURNS; turn += 1) await measureOnce(pool, store, rates);
  await store.close();
  await pool.end();
  return figures(rates);
}

async function measureOnce(pool: Pool, store: PostgresEventStore, rates: Rates): Promise<void> {
  for (const callers of CALLERS) {
    const count = EVENTS_PER_CALLERS[callers];
    await rates.measure(`plain ${callers}`, count, () => inTurns(callers, appends(count), (a) => insertOne(pool, a)));
    await rates.measure(`append ${callers}`, count, () => inTurns(callers, appends(count), (a) => store.append(a)));
  }
  const count = BATCH * BATCHES;
  await rates.measure('plain batch', count, () => inTurns(BATCHES_AT_ONCE, batches(), (b) => insertBatch(pool, b)));
  await rates.measure('append batch', count, () => inTurns(BATCHES_AT_ONCE, batches(), (b) => store.appendBatch(b)));
  await readEverything(store, rates);
}

function figures(rates: Rates): readonly Figure[] {
  const unit = 'events/s';
  const bareBatch: Figure = { name: `INSERT of ${BATCH} rows, bare table`, value: rates.of('plain batch'), unit };
  const singles = CALLERS.flatMap((callers) => {
    const plain = {
      name: `INSERT per event, bare table, ${callers} callers`,
      value: rates.of(`plain ${callers}`),
      unit,
    };
    const append = { name: `append of one event, ${callers} callers`, value: rates.of(`append ${callers}`), unit };
    return [plain, beside(append, plain)];
  });
  const busiest = Math.max(...CALLERS);
  return [
    ...singles,
    bareBatch,
    beside({ name: `append of one event, ${busiest} callers`, value: rates.of(`append ${busiest}`), unit }, bareBatch),
    beside({ name: `appendBatch of ${BATCH}`, value: rates.of('append batch'), unit }, bareBatch),
    { name: 'reading all events', value: rates.of('read'), unit },
  ];
}

/** The best rate under each name. */
class Rates {
  private readonly byName = new Map<string, number>();

  async measure(name: string, events: number, work: () => Promise<void>): Promise<void> {
    const startMs = performance.now();
    await work();
    this.add(name, (events * 1_000) / (performance.now() - startMs));
  }

  add(name: string, eventsPerSecond: number): void {
    this.byName.set(name, Math.max(eventsPerSecond, this.of(name)));
  }

  of(name: string): number {
    return this.byName.get(name) ?? 0;
  }
}

/** Callers who each take the next piece of work when they are done with the last. */
async function inTurns<T>(callers: number, work: T[], each: (item: T) => Promise<unknown>): Promise<void> {
  const caller = async () => {
    for (let item = work.pop(); item !== undefined; item = work.pop()) await each(item);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

async function readEverything(store: PostgresEventStore, rates: Rates): Promise<void> {
  const startMs = performance.now();
  let [events, after] = [0, START];
  for (;;) {
    const page = await store.readAll({ after, max: READ_EVENTS_MAX / 5 });
    events += page.length;
    after = page.at(-1)?.position ?? after;
    if (page.length < READ_EVENTS_MAX / 5) break;
  }
  rates.add('read', (events * 1_000) / (performance.now() - startMs));
}

function batches(): Append[][] {
  return Array.from({ length: BATCHES }, () => appends(BATCH));
}

/** Weighings as scales report them, each in a stream of its own. */
function appends(count: number): Append[] {
  return Array.from({ length: count }, (_, seq) => {
    const weighingId = randomUUID();
    return {
      stream: `weighing-${weighingId}`,
      expected: 'no-stream',
      events: [
        { id: weighingId, type: 'WasteWeighed', schemaVersion: 1, data: weighing(weighingId, seq), metadata: METADATA },
      ],
    };
  });
}

const METADATA = {
  municipalityId: 'beitillu',
  correlationId: 'message-1',
  causationId: 'message-1',
  actor: 'beitillu-01',
};

function weighing(weighingId: string, seq: number): object {
  return {
    weighingId,
    scaleId: 'beitillu-01',
    seq,
    pointId: 'point-01',
    householdId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
    cardHash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
    material: 'plastic',
    grossGrams: 2_350,
    tareGrams: 400,
    netGrams: 1_950,
    entry: 'measured',
    reasons: [],
    alibiId: '00012-004711',
    frame: 'ST,GS,    2.35,kg',
    weighedAt: '2026-11-23T08:15:30.120Z',
    clock: 'ntp',
    receivedAt: '2026-11-23T08:15:30.400Z',
    messageHash: 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ',
  };
}

async function createBareTable(pool: Pool): Promise<void> {
  await pool.query('CREATE SCHEMA bare');
  await pool.query('CREATE TABLE bare.event (LIKE event_log.event INCLUDING ALL)');
  await pool.query('ALTER TABLE bare.event ALTER position ADD GENERATED ALWAYS AS IDENTITY');
  await pool.query('ALTER TABLE bare.event ALTER recorded_at SET DEFAULT clock_timestamp()');
}

const COLUMNS = 'stream, revision, id, type, schema_version, data, metadata, fingerprint';

function row({ stream, events: [event] }: Append): readonly unknown[] {
  return [
    stream,
    0,
    event?.id,
    event?.type,
    1,
    JSON.stringify(event?.data),
    JSON.stringify(event?.metadata),
    event?.id,
  ];
}

async function insertOne(pool: Pool, append: Append): Promise<void> {
  await pool.query({
    name: 'insert-one',
    text: `INSERT INTO bare.event (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [...row(append)],
  });
}

async function insertBatch(pool: Pool, batch: readonly Append[]): Promise<void> {
  const rows = batch.map(row);
  await pool.query({
    name: 'insert-batch',
    text: `INSERT INTO bare.event (${COLUMNS})
      SELECT * FROM unnest($1::text[], $2::int[], $3::uuid[], $4::text[], $5::int[], $6::json[], $7::json[], $8::text[])`,
    values: rows[0]?.map((_, column) => rows.map((each) => each[column])) ?? [],
  });
}
