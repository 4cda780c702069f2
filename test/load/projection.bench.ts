import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'pg';
import { type DataSource } from 'typeorm';
import { CONTEXTS } from '#composition';
import { EventRegistry, type EventStore, PostgresEventStore, START } from '#event-store';
import { migrate, openDatabase } from '#platform';
import { type Projection, ProjectionRunner, ReadModelProgress, verifyProjection } from '#subscriptions';
import { beside, type Figure, Rates } from './figure.js';
import { type RebuildReport } from './rebuild.program.js';
import { founding, weighing } from './village-log.js';

const CREDITS = 'credit-balance';
/** Those that fold every weighing. */
const PROJECTIONS = [CREDITS, 'weighing-history', 'point-board', 'stock-level'] as const;
const EVENTS = 200_000;
const REBUILT_EVENTS = 1_000_000;
/** Catching up is measured this often, and the best counts: other work on the machine only ever slows down. */
const TURNS = 3;
const APPENDS_PER_BATCH = 5_000;
const EVENTS_PER_READ = 5_000;
const JOURNAL_ROWS_PER_INSERT = 5_000;
const LIVE_EVENTS = 200;
const CATCH_UP_MS_MAX = 120_000;
const BYTES_PER_MEGABYTE = 1_048_576;
const MEGABYTES_MAX = 400;

/**
 * How fast the projections follow a log that holds a village's years: from nothing, rebuilt beside what serves, and one
 * event at a time. The peers are reading the same events without folding them, and inserting the rows of the journal of
 * credits into a bare table without reading anything.
 * @param url of an empty database
 */
export async function benchProjection(url: string): Promise<readonly Figure[]> {
  await migrate(url, CONTEXTS.migrations);
  const store = await PostgresEventStore.open(url);
  const dataSource = await openDatabase(url);
  try {
    await store.appendBatch(founding());
    await fillLog(store, EVENTS);
    const rates = new Rates();
    for (let turn = 0; turn < TURNS; turn += 1) await measureOnce(url, store, dataSource, rates);
    const live = await appendToReadable(store, dataSource);
    const verified = new Rates();
    await verified.measure(CREDITS, EVENTS, () => verifyProjection(sourceOf(store, dataSource), named(CREDITS)));
    const small = await rebuild(url);
    await fillLog(store, REBUILT_EVENTS);
    return figures(rates, verified, { live, small, large: await rebuild(url) });
  } finally {
    await dataSource.destroy();
    await store.close();
  }
}

async function measureOnce(url: string, store: EventStore, dataSource: DataSource, rates: Rates): Promise<void> {
  await rates.measure('read', EVENTS, () => readThrough(store));
  for (const name of PROJECTIONS) {
    await reset(dataSource, named(name));
    await rates.measure(name, EVENTS, () => catchUp(store, dataSource, named(name)));
  }
  const journal = await BareJournal.of(url);
  await rates.measure('journal', EVENTS, () => journal.insert());
  await journal.drop();
}

function figures(
  rates: Rates,
  verified: Rates,
  {
    live,
    small,
    large,
  }: { readonly live: readonly number[]; readonly small: RebuildReport; readonly large: RebuildReport },
): readonly Figure[] {
  const reading = { name: 'reading the log', ...rates.of('read') };
  const journal = {
    name: 'INSERT of the rows of the journal of credits, bare table',
    ...rates.of('journal', 'rows/s'),
  };
  const [smallMemory, largeMemory] = [small, large].map(({ events, bytesMax }) => ({
    name: `memory of the process that rebuilds ${events.toLocaleString('en')} events`,
    value: bytesMax / BYTES_PER_MEGABYTE,
    unit: 'MB',
  }));
  const rebuilt = {
    name: `${CREDITS} rebuilt from ${large.events.toLocaleString('en')} events while it serves`,
    value: (large.events * 1_000) / large.milliseconds,
    unit: 'events/s',
  };
  const caughtUp = (name: string) => ({ name: `${name} catching up`, ...rates.of(name) });
  return [
    reading,
    journal,
    beside(caughtUp(CREDITS), journal, { of: 'value', atLeast: 60_000 }),
    ...PROJECTIONS.map((name) => beside(caughtUp(name), reading)),
    beside(rebuilt, journal),
    ...(smallMemory && largeMemory
      ? [smallMemory, beside(largeMemory, smallMemory, { of: 'value', below: MEGABYTES_MAX })]
      : []),
    beside({ name: `${CREDITS} verified row by row`, ...verified.of(CREDITS) }, reading),
    { name: `append to readable in ${CREDITS}, median`, value: percentile(live, 0.5), unit: 'ms' },
    { name: `append to readable in ${CREDITS}, 95 %`, value: percentile(live, 0.95), unit: 'ms' },
  ];
}

async function fillLog(store: EventStore, size: number): Promise<void> {
  for (let done = Number(await store.head()); done < size;) {
    const count = Math.min(APPENDS_PER_BATCH, size - done);
    await store.appendBatch(Array.from({ length: count }, (_, n) => weighing(done + n)));
    done += count;
  }
}

async function readThrough(store: EventStore): Promise<void> {
  for (let after = START; ;) {
    const events = await store.readAll({ after, max: EVENTS_PER_READ });
    after = events.at(-1)?.position ?? after;
    if (events.length < EVENTS_PER_READ) return;
  }
}

/** Back to where a projection that is new begins. */
async function reset(dataSource: DataSource, { name, tables }: Projection): Promise<void> {
  await dataSource.query(`TRUNCATE ${tables.join(', ')}`);
  await dataSource.query('DELETE FROM projection_checkpoint WHERE name = $1', [name]);
}

async function catchUp(store: EventStore, dataSource: DataSource, projection: Projection): Promise<void> {
  const head = await store.head();
  await whileRunning(store, dataSource, projection, (progress) =>
    progress.waitFor(head, { timeoutMs: CATCH_UP_MS_MAX }),
  );
}

async function whileRunning<T>(
  store: EventStore,
  dataSource: DataSource,
  projection: Projection,
  work: (progress: ReadModelProgress) => Promise<T>,
): Promise<T> {
  const runner = new ProjectionRunner({ ...sourceOf(store, dataSource), projections: [projection] });
  const progress = new ReadModelProgress(dataSource, [projection]);
  runner.start();
  try {
    return await work(progress);
  } finally {
    await runner.stop();
    await progress.close();
  }
}

/** Milliseconds from the call of append to the moment in which a query would find the credit, in ascending order. */
function appendToReadable(store: EventStore, dataSource: DataSource): Promise<readonly number[]> {
  return whileRunning(store, dataSource, named(CREDITS), async (progress) => {
    const waits: number[] = [];
    for (let n = 0; n < LIVE_EVENTS; n += 1) {
      const startMs = performance.now();
      const result = await store.append(weighing(n));
      if (result.outcome !== 'appended') throw new Error(`Not appended: ${result.outcome}`);
      await progress.waitFor(result.position, { timeoutMs: CATCH_UP_MS_MAX });
      waits.push(performance.now() - startMs);
    }
    return waits.sort((a, b) => a - b);
  });
}

async function rebuild(url: string): Promise<RebuildReport> {
  const child = fork(new URL('./rebuild.program.js', import.meta.url), [url, CREDITS], { stdio: 'inherit' });
  const [report] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The rebuild ended with ${String(code)}`))),
  ])) as [RebuildReport];
  if (child.exitCode === null) await once(child, 'exit');
  return report;
}

/** The rows of the journal, and a table with the same columns and indexes to put them into. */
class BareJournal {
  private constructor(
    private readonly pool: Pool,
    private readonly columns: string,
    private readonly types: readonly string[],
    private readonly batches: readonly (readonly unknown[][])[],
  ) {}

  static async of(url: string): Promise<BareJournal> {
    const options = '-c search_path=read_model -c synchronous_commit=off';
    const pool = new Pool({ connectionString: url, options, max: 1 });
    await pool.query('CREATE TABLE bare_entry (LIKE credit_entry INCLUDING ALL)');
    const { rows } = await pool.query<{ column: string; type: string }>(
      `SELECT attname AS column, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = 'credit_entry'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'reasons'
       ORDER BY attnum`,
    );
    const columns = rows.map(({ column }) => column).join(', ');
    const texts = rows.map(({ column }) => `${column}::text`).join(', ');
    const entries = await pool.query<unknown[]>({ rowMode: 'array', text: `SELECT ${texts} FROM credit_entry` });
    const batches = Array.from({ length: Math.ceil(entries.rows.length / JOURNAL_ROWS_PER_INSERT) }, (_, n) => {
      const batch = entries.rows.slice(n * JOURNAL_ROWS_PER_INSERT, (n + 1) * JOURNAL_ROWS_PER_INSERT);
      return rows.map((_column, place) => batch.map((entry) => entry[place]));
    });
    const types = rows.map(({ type }, place) => `$${place + 1}::${type}[]`);
    return new BareJournal(pool, columns, types, batches);
  }

  async insert(): Promise<void> {
    // No weighing of a bench has reasons.
    const text = `INSERT INTO bare_entry (${this.columns}, reasons)
      SELECT *, '{}' FROM unnest(${this.types.join(', ')})`;
    for (const values of this.batches) await this.pool.query({ text, values: [...values] });
  }

  async drop(): Promise<void> {
    await this.pool.query('DROP TABLE bare_entry');
    await this.pool.end();
  }
}

function sourceOf(store: EventStore, dataSource: DataSource) {
  return { store, dataSource, registry: new EventRegistry(CONTEXTS.eventTypes) };
}

function named(name: string): Projection {
  const found = CONTEXTS.projections.find((projection) => projection.name === name);
  if (found === undefined) throw new Error(`There is no projection ${name}`);
  return found;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
