import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { CONTEXTS } from '#composition';
import { EventRegistry, PostgresEventStore, READ_EVENTS_MAX, START, subscribeTo } from '#event-store';
import { EmbeddedPostgres, migrate, openDatabase } from '#platform';
import { checkpoints, verifyProjection } from '#subscriptions';
import { SeededRandom } from '../../devices/scale-simulator/src/village/seeded-random.js';
import { eventually } from '../support/eventually.js';
import { transpilePrograms, type TranspiledPrograms } from '../support/transpiled-programs.js';
import { KillableProgram } from './killable-program.js';
import { type Entry, entryOf, LogAccount, type Totals } from './log-account.js';
import { type WriterTask } from './log-writer.program.js';
import { type Answer, answerOf, type JournalledCall, WriterJournal } from './writer-journal.js';
import { opening } from './writer-traffic.js';

/** For how long the killing goes on at least; 0 is the short form, which is bounded by the counts below alone. */
const SECONDS = Number(process.env['FAULTS_SECONDS'] ?? 0);
/** Of every moment that is left to chance. */
const SEED = process.env['FAULTS_SEED'] ?? randomBytes(4).toString('hex');

const WRITERS = 8;
/** How often each is killed at least. */
const KILLS = { writer: 1, projector: 3, postgres: 1 };
/** What is done before each kill, at most: calls of the writer, positions of a projection, calls of some writer. */
const PROGRESS =
  SECONDS === 0 ? { writer: 30, projector: 100, postgres: 30 } : { writer: 400, projector: 4_000, postgres: 800 };
/** Of each writer: enough for every kind of call. */
const CALLS_MIN = 60;
const ROUND_MS = SECONDS === 0 ? 300 : 100;
const LOOSE_ENDS_MS_MAX = 180_000;
const RUN_MS_MAX = SECONDS * 1_000 + LOOSE_ENDS_MS_MAX;
const REPORT_MS = 10_000;

const startedMs = performance.now();
const random = new SeededRandom(SEED);
const below = (limit: number) => Math.floor(random.between(0, limit));

const { projections } = CONTEXTS;
const OPENING = opening();
let openingAnswers: readonly Answer[];
let folder: string;
let database: DataSource;
let store: PostgresEventStore;
let writers: readonly KillableProgram[] = [];
let projector: KillableProgram;
let crashes = 0;
let isOver = false;
const followed: Entry[] = [];
let log: readonly Entry[];
let account: LogAccount;
/** What is to be undone at the end, the last first. */
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  // Whatever fails later, this is how to meet the same chances again.
  process.stderr.write(`FAULTS_SEED=${SEED}\n`);
  await prepare();
  const reports = SECONDS > 0 ? setInterval(report, REPORT_MS) : undefined;
  try {
    const failures = [...writers, projector].map(({ failure }) => failure);
    await Promise.race([run(), tooLate(), ...failures]);
  } catch (error) {
    throw new Error(`The run with FAULTS_SEED=${SEED} came to no end (${progress()})`, { cause: error });
  } finally {
    clearInterval(reports);
  }
  if (SECONDS > 0) {
    report();
    process.stderr.write(`answers: ${JSON.stringify(account.answers())}\n`);
  }
}, 2 * RUN_MS_MAX);

afterAll(async () => {
  isOver = true;
  for (const step of undo.toReversed()) await step();
}, LOOSE_ENDS_MS_MAX);

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    AbortSignal.timeout(RUN_MS_MAX).addEventListener('abort', () =>
      reject(new Error(`Not done within ${RUN_MS_MAX} ms`)),
    );
  });
}

/** A PostgreSQL of its own: this one is going to crash. */
async function prepare(): Promise<void> {
  folder = await mkdtemp(path.join(tmpdir(), 'mizan log '));
  undo.push(() => rm(folder, { recursive: true }));
  const postgres = await EmbeddedPostgres.start({ dataDir: folder });
  undo.push(() => postgres.stop());
  const programs = await transpilePrograms();
  undo.push(() => programs.remove());

  await migrate(postgres.url, CONTEXTS.migrations);
  database = await openDatabase(postgres.url, { poolSize: 3 });
  undo.push(() => database.destroy());
  store = await PostgresEventStore.open(postgres.url, { poolSize: 2 });
  undo.push(() => store.close());
  openingAnswers = (await store.appendBatch(OPENING.offers.map(({ append }) => append))).map(answerOf);
  recruit(postgres.url, programs);
  undo.push(() => Promise.all([...writers, projector].map((program) => program.kill())));
}

function recruit(databaseUrl: string, { program }: TranspiledPrograms): void {
  writers = Array.from({ length: WRITERS }, (_, n) => {
    const name = `writer-${n}`;
    const task: WriterTask = {
      databaseUrl,
      writer: name,
      seed: SEED,
      journalFile: journalFile(n),
      roundMs: ROUND_MS,
    };
    const script = program('test/faults/log-writer.program.ts');
    return new KillableProgram({ name, script, args: [JSON.stringify(task)] });
  });
  projector = new KillableProgram({
    name: 'the projector',
    script: program('apps/projector/src/main.ts'),
    env: { DATABASE_URL: databaseUrl, MIZAN_DATA: folder },
    mayFailToStart: true,
  });
}

const journalFile = (writer: number) => path.join(folder, `writer-${writer}.journal`);

async function run(): Promise<void> {
  const over = new AbortController();
  const following = follow(over.signal);
  // It follows until it is told to stop: if it ends before, it has failed.
  await Promise.race([workAndKill(), following]);
  over.abort();
  await following;
  account = new LogAccount(sentCalls(), log);
}

/** Until all have been killed often enough, what they were doing is done, and everybody has seen the end of the log. */
async function workAndKill(): Promise<void> {
  for (const program of [...writers, projector]) program.start();
  await Promise.all([...writers.map(keepKillingWriter), keepKillingProjector(), keepCrashing()]);
  await Promise.all(writers.map((writer) => writer.whenProgress(CALLS_MIN)));
  await Promise.all(writers.map((writer) => writer.finish()));

  log = await eventually(readLog, LOOSE_ENDS_MS_MAX);
  const head = log.at(-1)?.position;
  await eventually(() => expect(followed.at(-1)?.position).toBe(head), LOOSE_ENDS_MS_MAX);
  await eventually(async () => expect(await projected()).toEqual(projections.map(() => head)), LOOSE_ENDS_MS_MAX);
  await projector.finish();
}

const isLongEnough = () => performance.now() - startedMs >= SECONDS * 1_000;
const mayRest = (kills: number, killsMin: number) => isOver || (kills >= killsMin && isLongEnough());

async function keepKillingWriter(writer: KillableProgram): Promise<void> {
  while (!mayRest(writer.kills, KILLS.writer)) {
    await untilProgress(writer, PROGRESS.writer);
    if (isOver) return;
    await writer.kill();
    writer.start();
  }
}

function untilProgress(writer: KillableProgram, calls: number): Promise<void> {
  return writer.whenProgress(writer.progress + below(calls));
}

async function keepKillingProjector(): Promise<void> {
  while (!mayRest(projector.kills, KILLS.projector)) {
    await untilProjected();
    await inTheMiddle(() => projector.kill());
    if (!isOver) projector.start();
  }
}

/** Some projection, whichever, has got on by so much. */
async function untilProjected(): Promise<void> {
  const one = below(projections.length);
  const from = await eventually(async () => Number((await projected())[one]), RUN_MS_MAX);
  expect(from).not.toBeNaN();
  const target = from + below(PROGRESS.projector);
  await eventually(async () => {
    if (!isOver) expect(Number((await projected())[one])).toBeGreaterThanOrEqual(target);
  }, RUN_MS_MAX);
}

/** The tables of each projection that hears of weighings. */
const FOLDED = projections.filter(({ handles }) => handles.includes('WasteWeighed')).map(({ tables }) => tables);

/**
 * Holds what a projection is about to write, the checkpoints and the rows in turn, and strikes while it waits for that:
 * it has begun, and not ended.
 */
async function inTheMiddle(strike: () => Promise<void>): Promise<void> {
  const tables = projector.kills % 2 === 0 ? ['projection_checkpoint'] : random.pick(FOLDED);
  const hold = () =>
    database.transaction(async (holder) => {
      await holder.query(`LOCK TABLE ${tables.join()} IN EXCLUSIVE MODE`);
      await eventually(async () => {
        const waiting = await holder.query<object[]>(
          'SELECT pid FROM pg_locks WHERE relation IS NOT NULL AND NOT granted',
        );
        if (!isOver) expect(waiting).not.toEqual([]);
      });
      await strike();
    });
  // PostgreSQL may crash while it is held.
  await eventually(hold, RUN_MS_MAX);
}

/**
 * `kill -9` of the server process that is appending. PostgreSQL trusts its shared memory no longer: it ends all others,
 * and recovers from its write-ahead log as after a power cut.
 */
async function keepCrashing(): Promise<void> {
  while (!mayRest(crashes, KILLS.postgres)) {
    await untilProgress(random.pick(writers), PROGRESS.postgres);
    await eventually(async () => isOver || process.kill(await appendingProcess(), 'SIGKILL'), RUN_MS_MAX);
    crashes += 1;
  }
}

async function appendingProcess(): Promise<number> {
  const [appending] = await database.query<{ pid: number }[]>(
    `SELECT pid FROM pg_stat_activity
     WHERE state = 'active' AND query LIKE '%event_log.append%' AND pid <> pg_backend_pid()`,
  );
  if (appending === undefined) throw new Error('Nobody is appending');
  return appending.pid;
}

async function follow(signal: AbortSignal): Promise<void> {
  for await (const message of subscribeTo(store, { after: START, signal })) {
    if (message.kind === 'events') followed.push(...message.events.map(entryOf));
  }
}

/** Where each projection is, in their order; START for one that has not begun, or what has stopped it. */
async function projected(): Promise<readonly string[]> {
  const known = new Map((await checkpoints(database)).map(({ name, position, error }) => [name, error ?? position]));
  return projections.map(({ name }) => known.get(name) ?? START);
}

async function readLog(): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const page = await store.readAll({ after: entries.at(-1)?.position ?? START, max: READ_EVENTS_MAX });
    entries.push(...page.map(entryOf));
    if (page.length < READ_EVENTS_MAX) return entries;
  }
}

/** What was sent by everybody, from the journals that outlived their writers. */
function sentCalls(): readonly JournalledCall[] {
  const fromWriters = writers.flatMap((_, writer) => WriterJournal.open(journalFile(writer)).calls);
  return [{ ...OPENING, times: 1, answers: openingAnswers }, ...fromWriters];
}

/** Credits of each household, and stocks at each point, as the read models show them. */
async function shownTotals(): Promise<Totals> {
  const credits = await database.query<SumRow[]>(
    `SELECT household_id::text AS key, sum(micro_credits)::text AS amount, sum(weighings)::int AS weighings
     FROM household_credit GROUP BY household_id`,
  );
  const stocks = await database.query<SumRow[]>(
    `SELECT point_id || ' ' || material AS key, grams::text AS amount, weighings::int AS weighings FROM material_stock`,
  );
  return { microCredits: byKey(credits), grams: byKey(stocks) };
}

interface SumRow {
  readonly key: string;
  readonly amount: string;
  readonly weighings: number;
}

function byKey(rows: readonly SumRow[]): Totals['grams'] {
  return Object.fromEntries(rows.map(({ key, amount, weighings }) => [key, { amount, weighings }]));
}

/** A line for whoever waits. */
function progress(): string {
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const calls = writers.reduce((sum, writer) => sum + writer.progress, 0);
  const kills = writers.reduce((sum, writer) => sum + writer.kills, 0);
  return (
    `${seconds} s: ${calls} calls, ${followed.length} events followed; killed: writers ${kills} times, ` +
    `the projector ${projector.kills} times, PostgreSQL ${crashes} times`
  );
}

function report(): void {
  process.stderr.write(`${progress()}\n`);
}

describe(`${WRITERS} writers, a projector and PostgreSQL, each killed again and again while all of them work`, () => {
  it('leaves a log without a gap: max(position) = count(*), and each stream counts its revisions', async () => {
    const [counted] = await database.query<{ head: string; events: string }[]>(
      'SELECT max(position)::text AS head, count(*)::text AS events FROM event_log.event',
    );
    expect(counted).toEqual({ head: String(log.length), events: String(log.length) });
    expect(some(account.misplaced())).toEqual([]);
  });

  it('shows a follower every event once and in order, whatever is killed meanwhile', () => {
    const differing = log.findIndex((entry, index) => JSON.stringify(entry) !== JSON.stringify(followed[index]));
    expect([log[differing], followed[differing]]).toEqual([undefined, undefined]);
    expect(followed).toHaveLength(log.length);
  });

  it('keeps what it acknowledged, once and as it was first said, and nothing that nobody sent', () => {
    expect(some(account.lostOrAltered())).toEqual([]);
    expect(some(account.uncalledFor())).toEqual([]);
  });

  it('lets nobody write to a stream whose end they have not seen', () => {
    expect(some(account.overtaken())).toEqual([]);
  });

  it('answers a repeat with its first place, and other content under a known id with a conflict', () => {
    expect(some(account.wronglyAnswered())).toEqual([]);
    // Each kind of answer was given: nothing was left untried.
    const kinds = ['appended', 'content-differs', 'duplicate', 'revision-conflict'];
    expect(Object.keys(account.answers()).toSorted()).toEqual(kinds);
  });

  it('records appends that go together all, or none', () => {
    expect(some(account.tornApart())).toEqual([]);
  });

  it.each(projections.map(({ name }) => name))('leads %s to the rows of a fresh rebuild', async (name) => {
    const projection = projections.find((one) => one.name === name)!;
    const source = { store, registry: new EventRegistry(CONTEXTS.eventTypes), dataSource: database };
    const verification = await verifyProjection(source, projection);
    expect(verification).toMatchObject({ position: log.at(-1)?.position, matches: true });
  });

  it('credits and stocks what the writers weighed, to the gram', async () => {
    expect(await shownTotals()).toEqual(account.totals());
  });
});

/** The first of them: what is wrong once is often wrong everywhere. */
function some(findings: readonly string[]): readonly string[] {
  return findings.slice(0, 10);
}
