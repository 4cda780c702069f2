import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { type ReadAll } from '#event-store';
import { InMemoryEventStore } from '#event-store/testing';
import { openDatabase } from '#platform';
import { eventually } from '../../../../test/support/eventually.js';
import { consumersOf } from '../consumer/consumer.js';
import { load, type LoadEvent, MaterialTally, materialTallyMigrations, SplitTally } from '../material-tally.testing.js';
import { ReadModelProgress } from '../progress/read-model-progress.js';
import { type Projection, type Recorded, type Transaction } from '../projection.js';
import { type ProjectionState } from '../running/projection-loop.js';
import { ProjectionRunner, type ProjectionRunnerParts } from '../running/projection-runner.js';
import { appendSamples, openReadModel, type TestReadModel } from '../testing.js';
import { Bell } from '../waiting/bell.js';
import { EverybodyLeads } from './leadership.testing.js';
import { PostgresLeadership } from './postgres-leadership.js';
import { SilentWire } from './silent-wire.testing.js';

const TAKE_OVER_MS_MAX = 30_000;

const registry = { upcast: <E>(event: E) => event };
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** Sees who reads the log. */
class ReadLog extends InMemoryEventStore {
  reads = 0;

  constructor(private readonly truth: InMemoryEventStore) {
    super();
  }

  override head() {
    return this.truth.head();
  }

  override onAppended(wake: () => void) {
    return this.truth.onAppended(wake);
  }

  override readAll(options: ReadAll) {
    this.reads += 1;
    return this.truth.readAll(options);
  }
}

/** What runs in a process of its own: a pool, a view of the log, and a part in the leadership. */
interface Process {
  readonly store: ReadLog;
  readonly database: DataSource;
  readonly runner: ProjectionRunner;
  /** Those that it leads. */
  readonly led: () => readonly ProjectionState[];
}

describe('several processes that run the same projections', () => {
  let readModel: TestReadModel;
  let log: InMemoryEventStore;
  let processes: Process[];

  beforeEach(async () => {
    readModel = await openReadModel(materialTallyMigrations);
    log = new InMemoryEventStore();
    processes = [];
  });
  afterEach(async () => {
    await Promise.all(processes.map(({ runner }) => runner.stop()));
    await Promise.all(processes.map(({ database }) => database.destroy()));
    await readModel.close();
  });

  const start = async (
    projections: readonly Projection[] = [new MaterialTally()],
    parts: Pick<ProjectionRunnerParts, 'leadership'> = {},
  ): Promise<Process> => {
    const database = await openDatabase(readModel.url, { poolSize: 6 });
    const store = new ReadLog(log);
    const runner = new ProjectionRunner({ store, registry, dataSource: database, projections, log: silent, ...parts });
    runner.start();
    const led = () => runner.state().filter(({ status }) => status === 'following' || status === 'catching-up');
    const process = { store, database, runner, led };
    processes.push(process);
    return process;
  };
  const leads = ({ led }: Process, consumers = 1) =>
    eventually(() => expect(led()).toHaveLength(consumers), TAKE_OVER_MS_MAX);
  const weigh = (count: number) =>
    appendSamples(
      log,
      Array.from({ length: count }, () => load('glass', 1)),
    );
  const tallied = (loads: number) =>
    eventually(
      async () => expect(await readModel.rows('material_tally')).toMatchObject([{ grams: `${loads}`, loads }]),
      TAKE_OVER_MS_MAX,
    );
  const appliedBy = (some: readonly Process[]) =>
    some.flatMap(({ runner }) => runner.state()).reduce((sum, { eventsApplied }) => sum + eventsApplied, 0);
  const backendOf = ({ runner }: Process) => {
    const [state] = runner.state();
    return state?.leader?.backendPid;
  };

  it('have one that works; the others know which, read nothing of the log, and know how far it is', async () => {
    const leader = await start();
    await leads(leader);
    const standby = await start();
    await weigh(10);
    await tallied(10);
    await eventually(() => {
      expect(standby.runner.state()).toMatchObject([
        {
          status: 'standing-by',
          position: '10',
          lagEvents: 0,
          leader: { application: expect.stringMatching(/^mizan .+:\d+$/), address: expect.anything() },
        },
      ]);
    });
    expect(leader.runner.state()).toMatchObject([{ status: 'following', eventsApplied: 10, leader: null }]);
    expect(standby.store.reads).toBe(0);
  });

  it('take over when the one that works is stopped', async () => {
    const first = await start();
    await leads(first);
    const second = await start();
    await weigh(1);
    await tallied(1);
    await first.runner.stop();
    await weigh(1);
    await tallied(2);
    expect(second.led()).toMatchObject([{ eventsApplied: 1 }]);
  });

  it('take over when the connection of the one that works is cut, which then stands by', async () => {
    const first = await start();
    await leads(first);
    const second = await start();
    for (let round = 1; round <= 3; round += 1) {
      const standby = first.led().length === 0 ? first : second;
      const backend = await eventually(() => {
        expect(backendOf(standby)).toBeDefined();
        return backendOf(standby);
      });
      await readModel.database.query('SELECT pg_terminate_backend($1)', [backend]);
      await weigh(10);
      await tallied(round * 10);
      await eventually(() => expect(first.led().length + second.led().length).toBe(1), TAKE_OVER_MS_MAX);
    }
    expect(appliedBy(processes)).toBe(30);
  });

  it('take over from one that is not heard of any more, although nobody ended its connection', async () => {
    const wire = await SilentWire.to(readModel.url);
    try {
      const leases = consumersOf(new MaterialTally()).map(({ lease }) => lease);
      const first = await start([new MaterialTally()], {
        leadership: new PostgresLeadership(wire.url, leases, silent),
      });
      await leads(first);
      const second = await start();
      await weigh(1);
      await tallied(1);
      wire.fallSilent();
      await leads(second);
      // It has noticed, too: it cannot know what it leads.
      await eventually(() => expect(first.led()).toEqual([]), TAKE_OVER_MS_MAX);
      await weigh(1);
      await tallied(2);
    } finally {
      await wire.cut();
    }
  });

  it('apply the batch of one that hangs inside its transaction; when that one wakes up it was too late', async () => {
    const [hangs, wakesUp] = [new Bell(), new Bell()];
    class Hangs extends MaterialTally {
      override async project(batch: readonly Recorded<LoadEvent>[], tx: Transaction): Promise<void> {
        hangs.ring();
        await wakesUp.wait(TAKE_OVER_MS_MAX);
        await super.project(batch, tx);
      }
    }
    const hung = hangs.wait(TAKE_OVER_MS_MAX);
    const hanging = await start([new Hangs()], { leadership: new EverybodyLeads() });
    await weigh(1);
    await hung;
    await start();
    await tallied(1);
    wakesUp.ring();
    await eventually(() => expect(hanging.runner.state()).toMatchObject([{ position: '1', eventsApplied: 0 }]));
    await tallied(1);
  });

  it('apply each event once although all of them believe that they lead', async () => {
    const believers = await Promise.all(
      [1, 2, 3].map(() => start([new MaterialTally()], { leadership: new EverybodyLeads() })),
    );
    for (let round = 0; round < 20; round += 1) {
      await weigh(50);
      if (round % 5 === 0) await tallied((round + 1) * 50);
    }
    await tallied(1_000);
    // Its own count is the last that a runner learns of a batch.
    await eventually(() => expect(appliedBy(believers)).toBe(1_000));
  });

  it('share what there is, and share again when one joins or leaves', async () => {
    const first = await start([new SplitTally(4)]);
    await leads(first, 4);
    const second = await start([new SplitTally(4)]);
    await leads(first, 2);
    await leads(second, 2);
    await first.runner.stop();
    await leads(second, 4);
  });

  it('do not wait for those that run other projections, as during a change of release', async () => {
    class Second extends SplitTally {
      override readonly version = 2;
    }
    const older = await start([new SplitTally(2)]);
    await leads(older, 2);
    const newer = await start([new Second(2)]);
    await leads(newer, 2);
    await eventually(() => {
      expect(older.runner.state()).toMatchObject([{ status: 'superseded' }, { status: 'superseded' }]);
    });
  });

  it('tell a caller of any other process when its write can be read', async () => {
    await start([new SplitTally(4)]);
    await start([new SplitTally(4)]);
    const progress = new ReadModelProgress(readModel.database, [new SplitTally(4)]);
    try {
      for (let written = 1; written <= 20; written += 1) {
        await appendSamples(log, [load(`material ${written}`, 1)]);
        await progress.waitFor(`${written}`, { timeoutMs: TAKE_OVER_MS_MAX });
        expect(await readModel.rows('material_tally')).toHaveLength(written);
      }
    } finally {
      await progress.close();
    }
  });
});
