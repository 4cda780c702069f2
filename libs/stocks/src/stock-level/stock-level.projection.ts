import { type MunicipalityEstablished, type WasteWeighed } from '#collection/events';
import { localDay } from '#kernel';
import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { MunicipalityNotEstablished } from './stock-level.errors.js';

export type StockFact = MunicipalityEstablished | WasteWeighed;

export const STOCK_LEVEL = 'stock-level';

/** What came to one point of one material on one day. */
interface Intake {
  readonly municipalityId: string;
  readonly pointId: string;
  readonly material: string;
  readonly day: string;
  readonly grams: bigint;
  readonly weighings: number;
  readonly lastWeighedAtMs: number;
}

/**
 * How much of each material lies at each collection point, and what came on which day. All that was weighed counts,
 * whether or not it earned anybody anything: it lies there.
 */
export class StockLevelProjection extends Projection<StockFact> {
  readonly name = STOCK_LEVEL;
  readonly version = 1;
  readonly tables = ['stock_municipality', 'material_stock', 'material_stock_daily'];
  readonly handles = ['MunicipalityEstablished', 'WasteWeighed'] as const;

  async project(batch: readonly Recorded<StockFact>[], tx: Transaction): Promise<void> {
    const established = batch.filter((event) => event.type === 'MunicipalityEstablished');
    const weighed = batch.filter((event) => event.type === 'WasteWeighed');
    if (established.length > 0) await remember(established, tx);
    if (weighed.length > 0) await add(intakesOf(weighed, await timeZonesOf(weighed, tx)), tx);
  }
}

async function remember(established: readonly Recorded<MunicipalityEstablished>[], tx: Transaction): Promise<void> {
  await tx.query(
    `INSERT INTO stock_municipality (municipality_id, time_zone)
     SELECT * FROM unnest($1::text[], $2::text[])
     ON CONFLICT (municipality_id) DO NOTHING`,
    [established.map(({ data }) => data.municipalityId), established.map(({ data }) => data.timeZone)],
  );
}

async function timeZonesOf(
  weighed: readonly Recorded<WasteWeighed>[],
  tx: Transaction,
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ readonly municipality_id: string; readonly time_zone: string }>(
    'SELECT municipality_id, time_zone FROM stock_municipality WHERE municipality_id = ANY ($1)',
    [[...new Set(weighed.map(({ metadata }) => metadata.municipalityId))]],
  );
  return new Map(rows.map(({ municipality_id, time_zone }) => [municipality_id, time_zone]));
}

/** Folds a batch in memory: thousands of weighings become a handful of rows. */
function intakesOf(
  weighed: readonly Recorded<WasteWeighed>[],
  timeZones: ReadonlyMap<string, string>,
): readonly Intake[] {
  const intakes = new Map<string, Intake>();
  for (const { data, metadata } of weighed) {
    const { municipalityId } = metadata;
    const { pointId, material, netGrams, weighedAt } = data;
    const timeZone = timeZones.get(municipalityId);
    // Without its time zone nobody knows on which day anything was weighed; no number is better than a wrong one.
    if (timeZone === undefined) throw new MunicipalityNotEstablished(municipalityId);
    const day = localDay(weighedAt, timeZone);
    const key = JSON.stringify([municipalityId, day, pointId, material]);
    const { grams, weighings, lastWeighedAtMs } = intakes.get(key) ?? NOTHING;
    intakes.set(key, {
      municipalityId,
      pointId,
      material,
      day,
      grams: grams + BigInt(netGrams),
      weighings: weighings + 1,
      lastWeighedAtMs: Math.max(lastWeighedAtMs, Date.parse(weighedAt)),
    });
  }
  return [...intakes.values()];
}

const NOTHING = { grams: 0n, weighings: 0, lastWeighedAtMs: -Infinity };

/** Rows are written in the order of their keys, so that two writers could wait for each other but never lock up. */
async function add(intakes: readonly Intake[], tx: Transaction): Promise<void> {
  const keys = [
    intakes.map(({ municipalityId }) => municipalityId),
    intakes.map(({ pointId }) => pointId),
    intakes.map(({ material }) => material),
  ];
  const grams = intakes.map((intake) => String(intake.grams));
  const weighings = intakes.map((intake) => intake.weighings);
  await tx.query(ADD_TO_STOCK, [
    ...keys,
    grams,
    weighings,
    intakes.map(({ lastWeighedAtMs }) => new Date(lastWeighedAtMs).toISOString()),
  ]);
  await tx.query(ADD_TO_DAYS, [...keys, grams, weighings, intakes.map(({ day }) => day)]);
}

const ADD_TO_STOCK = `
  INSERT INTO material_stock AS stock (municipality_id, point_id, material, grams, weighings, last_weighed_at)
  SELECT municipality_id, point_id, material, sum(grams), sum(weighings), max(last_weighed_at)
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[])
    AS intake (municipality_id, point_id, material, grams, weighings, last_weighed_at)
  GROUP BY municipality_id, point_id, material
  ORDER BY municipality_id, point_id, material
  ON CONFLICT (municipality_id, point_id, material) DO UPDATE SET
    grams = stock.grams + excluded.grams,
    weighings = stock.weighings + excluded.weighings,
    last_weighed_at = greatest(stock.last_weighed_at, excluded.last_weighed_at)`;

const ADD_TO_DAYS = `
  INSERT INTO material_stock_daily AS daily (municipality_id, day, point_id, material, grams, weighings)
  SELECT municipality_id, day, point_id, material, grams, weighings
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::date[])
    AS intake (municipality_id, point_id, material, grams, weighings, day)
  ORDER BY municipality_id, day, point_id, material
  ON CONFLICT (municipality_id, day, point_id, material) DO UPDATE SET
    grams = daily.grams + excluded.grams,
    weighings = daily.weighings + excluded.weighings`;
