import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type DataSource } from 'typeorm';
import { CONTEXTS } from '#composition';
import { EventRegistry, PostgresEventStore } from '#event-store';
import { type HouseholdRegistered } from '#households/events';
import { migrate, openDatabase } from '#platform';
import { rebuildProjection, surveyProjections, verifyProjection } from '#subscriptions';
import { appendSamples } from '#subscriptions/testing';
import { eventually } from '../support/eventually.js';
import { startTestDatabase, type TestDatabase } from '../support/test-database.js';
import { transpilePrograms, type TranspiledPrograms } from '../support/transpiled-programs.js';

/** A machine that is busy with other tests takes its time to start a process. */
const WAIT_MS_MAX = 60_000;
const TEST_MS_MAX = 5 * WAIT_MS_MAX;

const { projections, eventTypes, migrations } = CONTEXTS;

let test: TestDatabase;
let folder: string;
let programs: TranspiledPrograms;
let database: DataSource;
let store: PostgresEventStore;
let children: ChildProcess[] = [];

beforeAll(async () => {
  [test, folder, programs] = await Promise.all([
    startTestDatabase(),
    mkdtemp(path.join(tmpdir(), 'mizan projector ')),
    transpilePrograms(),
  ]);
  await migrate(test.url, migrations);
  database = await openDatabase(test.url, { poolSize: 3 });
  store = await PostgresEventStore.open(test.url, { poolSize: 2 });
}, TEST_MS_MAX);

afterEach(async () => {
  await Promise.all(children.map((child) => ended(child, 'SIGKILL')));
  children = [];
});

afterAll(async () => {
  await store.close();
  await database.destroy();
  await programs.remove();
  await rm(folder, { recursive: true });
  await test.stop();
});

function start(source: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [programs.program(source), ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: test.url, MIZAN_DATA: folder },
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

const startProjector = () => start('apps/projector/src/main.ts');

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

/** All projections are led by these processes, and each of them leads as many as it should, give or take one. */
function shared(...processes: readonly ChildProcess[]): Promise<void> {
  const least = Math.floor(projections.length / processes.length);
  return eventually(async () => {
    const leaders = (await surveyProjections(database)).flatMap((one) => one.leaders);
    const counts = processes.map(
      ({ pid }) => leaders.filter(({ application }) => application.endsWith(`:${pid}`)).length,
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(projections.length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(least);
  }, WAIT_MS_MAX);
}

async function register(households: number): Promise<void> {
  await appendSamples<HouseholdRegistered>(
    store,
    Array.from({ length: households }, () => ({
      type: 'HouseholdRegistered',
      data: { municipalityId: 'beitillu', householdId: randomUUID(), kind: 'home', persons: 3 },
    })),
  );
}

async function caughtUp(): Promise<void> {
  const head = await store.head();
  await eventually(async () => {
    const all = await surveyProjections(database);
    expect(all.map(({ name, position, status }) => [name, position, status])).toEqual(
      projections.map(({ name }) => [name, head, 'running']).toSorted(),
    );
  }, WAIT_MS_MAX);
}

async function expectServedAsTheLogLeadsTo(): Promise<void> {
  const source = { store, registry: new EventRegistry(eventTypes), dataSource: database };
  for (const projection of projections) {
    expect(await verifyProjection(source, projection)).toMatchObject({ name: projection.name, matches: true });
  }
}

describe('projectors side by side', () => {
  it(
    'share the projections, and one takes over all of them when the other is killed with -9',
    async () => {
      const first = startProjector();
      await shared(first);
      const second = startProjector();
      await shared(first, second);
      await register(500);
      first.kill('SIGKILL');
      await register(500);
      await shared(second);
      await register(10);
      await caughtUp();
      await expectServedAsTheLogLeadsTo();
    },
    TEST_MS_MAX,
  );

  it(
    'take over from one that hangs; when it wakes up it has its share again, and nothing is counted twice',
    async () => {
      const first = startProjector();
      await shared(first);
      const second = startProjector();
      await shared(first, second);
      first.kill('SIGSTOP');
      await shared(second);
      await register(500);
      await caughtUp();
      first.kill('SIGCONT');
      await shared(first, second);
      await register(10);
      await caughtUp();
      await expectServedAsTheLogLeadsTo();
    },
    TEST_MS_MAX,
  );

  it(
    'serve on when a rebuild beside them is killed with -9 while its tables take their place',
    async () => {
      const projector = startProjector();
      await shared(projector);
      await register(100);
      await caughtUp();
      const served = await database.query<unknown[]>('SELECT * FROM household_register ORDER BY position');
      const reader = new Client({ connectionString: test.url });
      await reader.connect();
      await reader.query('BEGIN');
      await reader.query('SELECT * FROM read_model.household_register');
      const rebuild = start('apps/cli/src/main.ts', 'projections', 'rebuild', 'household-register');
      await eventually(async () => {
        const [waiting] = await database.query<unknown[]>(
          `SELECT FROM pg_locks WHERE NOT granted AND relation = 'read_model.household_register'::regclass`,
        );
        expect(waiting).toBeDefined();
      }, WAIT_MS_MAX);
      await ended(rebuild, 'SIGKILL');
      await reader.query('COMMIT');
      await reader.end();
      expect(await database.query('SELECT * FROM household_register ORDER BY position')).toEqual(served);

      await register(10);
      await caughtUp();
      const household = projections.find(({ name }) => name === 'household-register')!;
      const source = { store, registry: new EventRegistry(eventTypes), dataSource: database };
      expect(await rebuildProjection(source, household)).toMatchObject({ position: await store.head() });
      await register(10);
      await caughtUp();
      await expectServedAsTheLogLeadsTo();
    },
    TEST_MS_MAX,
  );
});
