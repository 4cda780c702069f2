import { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { PostgresEventStore, START, eventStoreMigrations, type Append, type Position } from '#event-store';
import { migrate } from '#platform';
import { type Figure, Rates, beside } from './figure.js';

const CALLERS = [1, 16, 64, 256] as const;
const EVENTS_PER_CALLERS = { 1: 500, 16: 4_000, 64: 8_000, 256: 8_000 };
/** Of the server by default: 100. Each plain INSERT needs one to itself. */
const CONNECTIONS_MAX = 64;
/** The number of callers for which goals are set. */
const BUSY = 64;
const BATCH = 500;
const BATCHES = 20;
const BATCHES_AT_ONCE = 2;
const EVENTS_PER_READ = 2_000;
/** In each of these short turns everything is measured once, so that whatever is compared had the same chances. */
const TURNS = 12;

/**
 * The log beside what the same PostgreSQL does without its promises: a table with the same columns and indexes, filled
 * by one INSERT per event, by one INSERT per 500 events, and by INSERTs of as many events as the log's own commits had.
 * @param url of an empty database
 */
export async function benchEventLog(url: string): Promise<readonly Figure[]> {
  await migrate(url, { core: eventStoreMigrations, readModel: [] });
  const pool = new Pool({ connectionString: url, max: CONNECTIONS_MAX });
  await createBareTable(pool);
  const store = await PostgresEventStore.open(url);
  const rates = new Rates();
  const commitSizes: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) commitSizes.push(await measureOnce(pool, store, rates));
  await store.close();
  await pool.end();
  return figures(rates, Math.round(commitSizes.reduce((sum, size) => sum + size) / TURNS));
}

/** @returns how many events the commits of `BUSY` callers had */
async function measureOnce(pool: Pool, store: PostgresEventStore, rates: Rates): Promise<number> {
  let commitSize = BATCH;
  for (const callers of CALLERS) {
    const count = EVENTS_PER_CALLERS[callers];
    if (callers <= CONNECTIONS_MAX) {
      const rows = appends(count);
      await rates.measure(`plain ${callers}`, count, () => inTurns(callers, rows, (a) => insertOne(pool, a)));
    }
    const [events, before] = [appends(count), await store.head()];
    await rates.measure(`append ${callers}`, count, () => inTurns(callers, events, (a) => store.append(a)));
    if (callers === BUSY) commitSize = await eventsPerCommit(pool, before);
  }
  const count = BATCH * BATCHES;
  const [offered, plain, small] = [batches(BATCH), batches(BATCH), batches(Math.round(commitSize))];
  await rates.measure('append batch', count, () => inTurns(BATCHES_AT_ONCE, offered, (b) => store.appendBatch(b)));
  await rates.measure('plain batch', count, () => inTurns(BATCHES_AT_ONCE, plain, (b) => insertBatch(pool, b)));
  const smallCount = small.length * Math.round(commitSize);
  await rates.measure('plain commit', smallCount, () => inTurns(BATCHES_AT_ONCE, small, (b) => insertBatch(pool, b)));
  await rates.measure('read', Number(await store.head()), () => readEverything(store));
  return commitSize;
}

function figures(rates: Rates, commitSize: number): readonly Figure[] {
  const plain = (callers: number) => ({
    name: `INSERT per event, bare table, ${callers} callers`,
    ...rates.of(`plain ${callers}`),
  });
  const append = (callers: number) => ({
    name: `append of one event, ${callers} callers`,
    ...rates.of(`append ${callers}`),
  });
  const bareBatch = { name: `INSERT of ${BATCH} rows, bare table`, ...rates.of('plain batch') };
  const bareCommit = { name: `INSERT of ${commitSize} rows, bare table`, ...rates.of('plain commit') };
  const singles = CALLERS.filter((callers) => callers <= CONNECTIONS_MAX).flatMap((callers) => [
    plain(callers),
    beside(append(callers), plain(callers), callers === BUSY ? { of: 'ratio', atLeast: 2.5 } : undefined),
  ]);
  return [
    ...singles,
    bareBatch,
    beside(append(BUSY), bareBatch, { of: 'ratio', atLeast: 0.7 }),
    beside(append(Math.max(...CALLERS)), bareBatch),
    { name: `events in a commit of ${BUSY} callers`, value: commitSize, unit: 'events' },
    bareCommit,
    beside(append(BUSY), bareCommit),
    beside({ name: `appendBatch of ${BATCH}`, ...rates.of('append batch') }, bareBatch),
    { name: 'reading all events', ...rates.of('read') },
  ];
}

/** PostgreSQL notes in each row the transaction that wrote it. */
async function eventsPerCommit(pool: Pool, after: Position): Promise<number> {
  const { rows } = await pool.query<{ size: number }>(
    'SELECT (count(*) / count(DISTINCT xmin::text))::float8 AS size FROM event_log.event WHERE position > $1',
    [after],
  );
  return rows[0]?.size ?? BATCH;
}

/** Callers who each take the next piece of work when they are done with the last. */
async function inTurns<T>(callers: number, work: T[], each: (item: T) => Promise<unknown>): Promise<void> {
  const caller = async () => {
    for (let item = work.pop(); item !== undefined; item = work.pop()) await each(item);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

async function readEverything(store: PostgresEventStore): Promise<void> {
  for (let after = START; ;) {
    const page = await store.readAll({ after, max: EVENTS_PER_READ });
    after = page.at(-1)?.position ?? after;
    if (page.length < EVENTS_PER_READ) return;
  }
}

/** As many batches of this size as hold what all batches of `BATCH` hold, or a few events more. */
function batches(size: number): Append[][] {
  return Array.from({ length: Math.ceil((BATCH * BATCHES) / size) }, () => appends(size));
}

/** Weighings as scales report them, each in a stream of its own. */
function appends(count: number): Append[] {
  return Array.from({ length: count }, (_, seq) => {
    const weighingId = uuidv7();
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
