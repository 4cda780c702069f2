import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus, type Command } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { EstablishMunicipalityCommand, ListMaterialCommand, OpenCollectionPointCommand } from '#collection';
import { CONTEXTS } from '#composition';
import { type EventMetadata, type Position } from '#event-store';
import { IssueCardCommand, RegisterHouseholdCommand } from '#households';
import { dropReadModel, openDatabase } from '#platform';
import { PublishSchemeCommand } from '#rewards';
import { knownReceiptKeys, SimulatedScale } from '#scale-simulator';
import { RegisterScaleCommand } from '#scales';
import { ReadModelProgress } from '#subscriptions';
import { RunningMizan } from '../support/running-mizan.js';
import { startTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addUp, planRun, weighPlanned, type PlannedScale, type Totals } from '../support/weighing-run.js';

const SCALES = 50;
const WEIGHINGS = 10_000;
const PER_SCALE = WEIGHINGS / SCALES;
/** Many times what it takes on an idle machine. */
const RUN_MS_MAX = 180_000;
const CATCH_UP_MS_MAX = 30_000;
const DAY_MS = 24 * 3_600_000;

const metadata: EventMetadata = {
  municipalityId: 'beitillu',
  correlationId: 'test',
  causationId: 'test',
  actor: 'system',
};
const name = { ar: 'بيتللو', en: 'Beitillu' };
const minimumGrams = 400;
const capacityGrams = 60_000;
const materials = ['organic', 'paper', 'metal', 'plastic', 'glass', 'textiles'];
const pointIds = ['square', 'school', 'market', 'cooperative', 'spring'];
const households = Array.from({ length: 100 }, (_, index) => ({ householdId: uuidv7(), card: `card-${index}` }));

/** The scheme changes in the middle of the run; what was weighed before that moment is valued as it was then. */
const startMs = Date.now() - 30 * DAY_MS;
const changeMs = startMs + 15 * DAY_MS;
const weighedAtMs = (index: number) => startMs + Math.floor((index * 30 * DAY_MS) / PER_SCALE);
const RATES = [
  { effectiveFrom: '2020-01-01T00:00:00.000Z', rates: { organic: '1', paper: '0.07', metal: '6', plastic: '2.5' } },
  {
    effectiveFrom: new Date(changeMs).toISOString(),
    rates: { paper: '3.125', metal: '6', plastic: '4', glass: '0.001' },
  },
];
/** The same rates as whole micro-credits for a gram, worked out by hand. */
const MICRO_CREDITS_PER_GRAM: readonly Readonly<Record<string, bigint>>[] = [
  { organic: 1_000n, paper: 70n, metal: 6_000n, plastic: 2_500n },
  { paper: 3_125n, metal: 6_000n, plastic: 4_000n, glass: 1n },
];

const plan: readonly PlannedScale[] = planRun({
  seed: 'ten thousand',
  scaleIds: Array.from({ length: SCALES }, (_, index) => `scale-${String(index + 1).padStart(2, '0')}`),
  pointIds,
  materials,
  households,
  weighings: WEIGHINGS,
  minimumGrams,
  capacityGrams,
});

let database: TestDatabase;
let dataDir: string;
let mizan: RunningMizan;
let scales: SimulatedScale[];

beforeAll(async () => {
  database = await startTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'mizan-e2e-'));
  mizan = await RunningMizan.start({ databaseUrl: database.url, dataDir });
  scales = await Promise.all(plan.map(switchedOn));
  await setUp();
});

afterAll(async () => {
  await Promise.all(scales.map((scale) => scale.close()));
  await mizan.stop();
  await database.stop();
  await rm(dataDir, { recursive: true });
});

function switchedOn({ scaleId, isSigned }: PlannedScale): Promise<SimulatedScale> {
  return SimulatedScale.open({
    scaleId,
    isSigned,
    folder: path.join(dataDir, 'scales', scaleId),
    brokerUrl: mizan.brokerUrl,
    receiptKeys: knownReceiptKeys(mizan.platform.keys.receiptKey.publicJwk),
    nowMs: () => clocks.get(scaleId) ?? startMs,
    reportsPerMessageMax: 5,
    receiptTimeout: { firstMs: 2_000, maxMs: 8_000 },
    faults: { sendTwice: 1 / 3, shuffle: true, loseMessages: 0.01, loseReceipts: 0.01 },
  });
}

/** What each scale believes the time to be. */
const clocks = new Map<string, number>();

async function setUp(): Promise<void> {
  const { commands, caughtUp } = services();
  const instrument = { minimumGrams, capacityGrams, intervalGrams: 20, verifiedUntil: '2099-12-31T23:59:59.000Z' };
  const inOrder: Command<{ readonly position: Position }>[] = [
    new EstablishMunicipalityCommand(
      { name, timeZone: 'Asia/Hebron', currency: { code: 'ILS', decimals: 2 } },
      metadata,
    ),
    ...materials.map(
      (material) =>
        new ListMaterialCommand(
          { material, name, colour: '#2f9e44', pictogram: 'bottle', wasteCode: '20 01 39' },
          metadata,
        ),
    ),
    ...pointIds.map((pointId) => new OpenCollectionPointCommand({ pointId, name, materials }, metadata)),
    ...RATES.map(({ effectiveFrom, rates }, index) => {
      const scheme = {
        title: name,
        creditsPerKilogram: rates,
        earnsDespite: ['unsigned'],
        feeReductionPerCredit: '0.10',
        yearlyFee: '360.00',
        yearlyReductionMax: '108.00',
      };
      return new PublishSchemeCommand({ schemeId: 'reward', version: index + 1, effectiveFrom, scheme }, metadata);
    }),
    ...households.map(
      ({ householdId }) => new RegisterHouseholdCommand({ householdId, kind: 'home', persons: 4 }, null, metadata),
    ),
    ...households.map(({ householdId, card }) => new IssueCardCommand(householdId, card, metadata)),
    ...plan.map(({ scaleId, pointId }, index) => {
      const key = scales[index]?.key;
      const trust = key
        ? ({ kind: 'signed', kid: key.kid, key: key.publicJwk } as const)
        : ({ kind: 'unsigned' } as const);
      return new RegisterScaleCommand({ ...instrument, scaleId, pointId, trust, firstSeq: 1 }, metadata);
    }),
  ];
  for (const command of inOrder) await commands.execute(command);
  await caughtUp();
}

function services() {
  const progress = mizan.app.get(ReadModelProgress);
  return {
    commands: mizan.app.get(CommandBus),
    caughtUp: async () => {
      await progress.waitFor(await mizan.platform.eventStore.head(), { timeoutMs: CATCH_UP_MS_MAX });
    },
  };
}

function rows<Row>(sql: string): Promise<Row[]> {
  return mizan.platform.database.query<Row[]>(sql);
}

async function totals(): Promise<Totals> {
  const credits = await rows<{ household_id: string; micro_credits: string; weighings: string }>(
    'SELECT household_id, sum(micro_credits) AS micro_credits, sum(weighings) AS weighings FROM household_credit GROUP BY 1',
  );
  const stocks = await rows<{ point_id: string; material: string; grams: string; weighings: string }>(
    'SELECT point_id, material, grams, weighings FROM material_stock',
  );
  return {
    households: Object.fromEntries(
      credits.map((row) => [row.household_id, { microCredits: row.micro_credits, weighings: Number(row.weighings) }]),
    ),
    stocks: Object.fromEntries(
      stocks.map((row) => [`${row.point_id} ${row.material}`, { grams: row.grams, weighings: Number(row.weighings) }]),
    ),
  };
}

/** How many rows each table of the read model has, and a hash over all of them in a fixed order. */
async function dump(): Promise<Record<string, { rows: string; hash: string }>> {
  const dumps: Record<string, { rows: string; hash: string }> = {};
  for (const table of CONTEXTS.projections.flatMap(({ tables }) => tables)) {
    const [content] = await rows<{ rows: string; hash: string }>(
      `SELECT count(*) AS rows, coalesce(md5(string_agg(row, E'\\n' ORDER BY row)), 'empty') AS hash
       FROM (SELECT to_jsonb(one)::text AS row FROM ${table} AS one) AS every`,
    );
    dumps[table] = content!;
  }
  return dumps;
}

describe('10,000 weighings from 50 scales, a third of the messages sent twice, in any order and now and then lost', () => {
  it(
    'end in exactly the credits and stocks that adding them up by hand gives',
    async () => {
      await Promise.all(
        plan.map(async (planned, index) => {
          const scale = scales[index]!;
          scale.connect();
          await weighPlanned(scale, planned, {
            before: (at) => clocks.set(planned.scaleId, weighedAtMs(at)),
          });
          await scale.whenReceipted(PER_SCALE);
        }),
      );
      await services().caughtUp();

      expect(await totals()).toEqual(
        addUp(plan, (material, at) => MICRO_CREDITS_PER_GRAM[weighedAtMs(at) < changeMs ? 0 : 1]?.[material] ?? 0n),
      );
    },
    RUN_MS_MAX,
  );

  it('are in the log once each, in one run of positions', async () => {
    const impossible = plan.flatMap(({ weighings }) => weighings).filter(({ isPossible }) => !isPossible).length;
    expect(impossible).toBeGreaterThan(10);
    const counts = await rows<{ type: string; events: string }>(
      `SELECT type, count(*) AS events FROM event_log.event
       WHERE type IN ('WasteWeighed', 'ReportQuarantined') GROUP BY 1 ORDER BY 1`,
    );
    expect(counts).toEqual([
      { type: 'ReportQuarantined', events: String(impossible) },
      { type: 'WasteWeighed', events: String(WEIGHINGS - impossible) },
    ]);
    const [log] = await rows<{ last: string; events: string }>(
      'SELECT max(position) AS last, count(*) AS events FROM event_log.event',
    );
    expect(log?.last).toBe(log?.events);
  });

  it('leave nothing on the scales', () => {
    expect(scales.map(({ reportsHeld }) => reportsHeld)).toEqual(scales.map(() => 0));
  });

  it('give the same rows again when the read model is dropped and filled from the log', async () => {
    const before = await dump();
    expect(Object.values(before).filter(({ rows: count }) => count === '0')).toEqual([]);

    await mizan.stop();
    await withoutReadModel();
    mizan = await RunningMizan.start({ databaseUrl: database.url, dataDir });
    await services().caughtUp();
    expect(await dump()).toEqual(before);
  });
});

async function withoutReadModel(): Promise<void> {
  const connection = await openDatabase(database.url, { poolSize: 1 });
  await dropReadModel(connection);
  await connection.destroy();
}
