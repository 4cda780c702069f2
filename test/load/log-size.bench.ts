import { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { PostgresEventStore, eventStoreMigrations, type Append, type RecordedEvent } from '#event-store';
import { migrate } from '#platform';
import { beside, type Figure, Rates } from './figure.js';

const EVENTS_DEFAULT = 5_000_000;
const EVENTS_MAX = 1_000_000_000;
/** The log is measured when it has so much of its events, to be put beside the first. */
const SHARES = [0.01, 0.1, 1] as const;
const EVENTS_PER_FILL = 100_000;
const CALLERS = 64;
const READERS = 8;
const RARE_TYPE = 'SchemePublished';
const EVENTS_PER_RARE = 10_000;
/** How often each thing is done, and the best of how many turns counts. */
const COUNTS = { append: 8_000, repeat: 4_000, stream: 4_000, page: 100, rare: 200, moment: 400, head: 1_000 };
const TURNS = 4;
const EVENTS_PER_PAGE = 500;
const BYTES_PER_GIGABYTE = 1_073_741_824;
const MS_PER_SECOND = 1_000;

/**
 * What the size of the log costs: the same work on a log that grows to LOG_EVENTS events, beside the work on its first
 * hundredth. Events have ids, streams and types as real ones have them and next to no data, so that many fit on a disk:
 * what depends on size are the indexes.
 * @param url of an empty database
 */
export async function benchLogSize(url: string): Promise<readonly Figure[]> {
  const events = Number(process.env['LOG_EVENTS'] ?? EVENTS_DEFAULT);
  if (!Number.isSafeInteger(events) || events < EVENTS_PER_RARE / SHARES[0] || events > EVENTS_MAX) {
    throw new RangeError(`LOG_EVENTS is a whole number from ${EVENTS_PER_RARE / SHARES[0]} to ${EVENTS_MAX}`);
  }
  await migrate(url, { core: eventStoreMigrations, readModel: [] });
  const pool = new Pool({ connectionString: url, max: READERS });
  const store = await PostgresEventStore.open(url, { poolSize: READERS });
  const figures: Figure[] = [];
  let smallest: readonly Measured[] | undefined;
  for (const share of SHARES) {
    await fill(pool, Math.round(events * share));
    const measured = await measure(pool, store);
    figures.push(...measured.map((one, n) => (smallest?.[n] ? beside(one, smallest[n]) : one)));
    smallest ??= measured;
  }
  figures.push(...(await sizes(pool)));
  await store.close();
  await pool.end();
  return figures;
}

type Measured = Pick<Figure, 'name' | 'value' | 'unit'>;

/** Appends what is missing, as a restore does: without the function that settles appends. */
async function fill(pool: Pool, events: number): Promise<void> {
  const { rows } = await pool.query<{ head: string }>('SELECT coalesce(max(position), 0) AS head FROM event_log.event');
  for (let done = Number(rows[0]?.head); done < events;) {
    const next = Math.min(events, done + EVENTS_PER_FILL);
    await pool.query(FILL, [done + 1, next]);
    done = next;
    process.stderr.write(`\r${done.toLocaleString('en')} of ${events.toLocaleString('en')} events`);
  }
  process.stderr.write('\n');
}

/** Ids as docs/adr/0003 has them: those of one of 200 scales lie side by side. Ten events have the same time. */
const FILL = `
  INSERT INTO event_log.event
  SELECT n, 'weighing-' || uuidv7(), 0,
      (substr(scale, 1, 12) || '8' || substr(scale, 13, 3) || '8' || lpad(to_hex(n), 15, '0'))::uuid,
      CASE WHEN n % ${EVENTS_PER_RARE} = 0 THEN '${RARE_TYPE}' WHEN n % 50 = 0 THEN 'ReportQuarantined' ELSE 'WasteWeighed' END,
      1, '{"netGrams":1950}', '{"municipalityId":"beitillu"}', md5(n::text) || md5(scale),
      '2020-01-01Z'::timestamptz + n / 10 * interval '1 second'
    FROM generate_series($1::bigint, $2::bigint) AS n, LATERAL (SELECT md5((n % 200)::text) AS scale)`;

async function measure(pool: Pool, store: PostgresEventStore): Promise<readonly Measured[]> {
  const size = Number(await store.head());
  const rates = new Rates();
  for (let turn = 0; turn < TURNS; turn += 1) await measureOnce(pool, store, rates, size);
  const of = `, ${size.toLocaleString('en')} events`;
  return [
    { name: `append of one event, ${CALLERS} callers${of}`, ...rates.of('append') },
    { name: `repeat of an old event, ${CALLERS} callers${of}`, ...rates.of('repeat') },
    { name: `read of one stream, ${READERS} callers${of}`, ...rates.of('stream', 'streams/s') },
    { name: `read of ${EVENTS_PER_PAGE} events from anywhere${of}`, ...rates.of('page') },
    { name: `next event of a rare type, from anywhere${of}`, ...rates.of('rare', 'reads/s') },
    { name: `position at a time${of}`, ...rates.of('moment', 'reads/s') },
    { name: `end of the log${of}`, ...rates.of('head', 'reads/s') },
  ];
}

async function measureOnce(pool: Pool, store: PostgresEventStore, rates: Rates, size: number): Promise<void> {
  const somewhere = () => String(Math.floor(Math.random() * size));
  const times = (count: number, callers: number, each: () => Promise<unknown>) => inTurns(count, callers, each);
  const old = await anyOf(pool, size, COUNTS.repeat);
  const repeats = old.map(repeatOf);
  const streams = old.map(({ stream }) => stream);
  await rates.measure('append', COUNTS.append, () => times(COUNTS.append, CALLERS, () => store.append(anAppend())));
  await rates.measure('repeat', COUNTS.repeat, () =>
    times(COUNTS.repeat, CALLERS, async () => {
      const repeat = repeats.pop();
      if (repeat && (await store.append(repeat)).outcome !== 'duplicate') throw new Error('A repeat was not known');
    }),
  );
  await rates.measure('stream', COUNTS.stream, () =>
    times(COUNTS.stream, READERS, () => store.readStream(streams.pop() ?? '')),
  );
  await rates.measure('page', COUNTS.page * EVENTS_PER_PAGE, () =>
    times(COUNTS.page, 1, () => store.readAll({ after: somewhere(), max: EVENTS_PER_PAGE })),
  );
  await rates.measure('rare', COUNTS.rare, () =>
    times(COUNTS.rare, 1, () => store.readAll({ after: somewhere(), max: 1, types: [RARE_TYPE] })),
  );
  await rates.measure('moment', COUNTS.moment, () =>
    times(COUNTS.moment, 1, () => {
      const afterMs = (Number(somewhere()) / 10) * MS_PER_SECOND;
      return store.positionAt(new Date(Date.parse('2020-01-01T00:00:00Z') + afterMs).toISOString());
    }),
  );
  await rates.measure('head', COUNTS.head, () => times(COUNTS.head, 1, () => store.head()));
}

async function inTurns(count: number, callers: number, each: () => Promise<unknown>): Promise<void> {
  let left = count;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      await each();
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

type Row = Pick<RecordedEvent, 'id' | 'stream' | 'type' | 'data'> & { readonly fingerprint: string };

/** Events from anywhere in the log, each once. */
async function anyOf(pool: Pool, size: number, count: number): Promise<readonly Row[]> {
  const positions = new Set(Array.from({ length: count }, () => 1 + Math.floor(Math.random() * size)));
  const { rows } = await pool.query<Row>(
    'SELECT id, stream, type, data, fingerprint FROM event_log.event WHERE position = ANY ($1::bigint[])',
    [[...positions]],
  );
  return rows;
}

function repeatOf({ id, stream, type, data, fingerprint }: Row): Append {
  const event = { id, type, schemaVersion: 1, data, metadata: METADATA, fingerprint };
  return { stream, expected: 'no-stream', events: [event] };
}

function anAppend(): Append {
  const id = uuidv7();
  const event = { id, type: 'WasteWeighed', schemaVersion: 1, data: { netGrams: 1_950 }, metadata: METADATA };
  return { stream: `weighing-${id}`, expected: 'no-stream', events: [event] };
}

const METADATA = { municipalityId: 'beitillu', correlationId: 'bench', causationId: 'bench', actor: 'bench' };

/** What the table takes, and how much of it a vacuum would still have to freeze. */
async function sizes(pool: Pool): Promise<readonly Figure[]> {
  const { rows } = await pool.query<Readonly<Record<'events' | 'table' | 'indexes' | 'pages' | 'frozen', string>>>(
    `SELECT max(position) AS events, pg_table_size('event_log.event') AS table,
        pg_indexes_size('event_log.event') AS indexes, pg_relation_size('event_log.event') / 8192 AS pages,
        (SELECT relallfrozen FROM pg_class WHERE oid = 'event_log.event'::regclass) AS frozen
      FROM event_log.event`,
  );
  const [events, table, indexes, pages, frozen] = (['events', 'table', 'indexes', 'pages', 'frozen'] as const).map(
    (name) => Number(rows[0]?.[name]),
  ) as [number, number, number, number, number];
  return [
    { name: 'indexes, for one event', value: indexes / events, unit: 'bytes' },
    { name: 'table, for one event with next to no data', value: table / events, unit: 'bytes' },
    { name: 'table and indexes', value: (table + indexes) / BYTES_PER_GIGABYTE, unit: 'GB' },
    { name: 'pages of the table that autovacuum has frozen', value: (100 * frozen) / pages, unit: '%' },
  ];
}
