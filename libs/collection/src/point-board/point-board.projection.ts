import { localDay } from '#kernel';
import { Projection, type Recorded, type Transaction } from '#subscriptions';
import { type MunicipalityEstablished, type WasteWeighed } from '../events/index.js';
import { MunicipalityNotFound } from '../municipality/municipality.errors.js';

export type PointFact = MunicipalityEstablished | WasteWeighed;

/** What one point weighed on one day. */
interface PointDay {
  readonly municipalityId: string;
  readonly pointId: string;
  readonly day: string;
  readonly netGrams: bigint;
  readonly weighings: number;
}

/** What each point weighed on each day of its municipality's calendar, and up to which event that is counted. */
export class PointBoardProjection extends Projection<PointFact> {
  readonly name = 'point-board';
  readonly version = 1;
  readonly tables = ['point_board', 'point_day'];
  readonly handles = ['MunicipalityEstablished', 'WasteWeighed'] as const;

  async project(batch: readonly Recorded<PointFact>[], tx: Transaction): Promise<void> {
    const established = batch.filter((event) => event.type === 'MunicipalityEstablished');
    const weighed = batch.filter((event) => event.type === 'WasteWeighed');
    if (established.length > 0) await open(established, tx);
    if (weighed.length > 0) await count(weighed, tx);
  }
}

async function open(established: readonly Recorded<MunicipalityEstablished>[], tx: Transaction): Promise<void> {
  await tx.query(
    `INSERT INTO point_board (municipality_id, time_zone, position)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
     ON CONFLICT (municipality_id) DO NOTHING`,
    [
      established.map(({ data }) => data.municipalityId),
      established.map(({ data }) => data.timeZone),
      established.map(({ position }) => position),
    ],
  );
}

async function count(weighed: readonly Recorded<WasteWeighed>[], tx: Transaction): Promise<void> {
  // A later event of the batch replaces an earlier one: what is left is the last of each municipality.
  const last = new Map(weighed.map(({ metadata, position }) => [metadata.municipalityId, position]));
  const boards = await tx.query<{ readonly municipality_id: string; readonly time_zone: string }>(
    `UPDATE point_board AS board SET position = counted.position
     FROM unnest($1::text[], $2::bigint[]) AS counted (municipality_id, position)
     WHERE board.municipality_id = counted.municipality_id
     RETURNING board.municipality_id, board.time_zone`,
    [[...last.keys()], [...last.values()]],
  );
  const timeZones = new Map(boards.map(({ municipality_id, time_zone }) => [municipality_id, time_zone]));
  const days = daysOf(weighed, timeZones);
  await tx.query(ADD_TO_DAYS, [
    days.map(({ municipalityId }) => municipalityId),
    days.map(({ day }) => day),
    days.map(({ pointId }) => pointId),
    days.map(({ netGrams }) => String(netGrams)),
    days.map(({ weighings }) => weighings),
  ]);
}

/** Folds a batch in memory: thousands of weighings become a handful of rows. */
function daysOf(
  weighed: readonly Recorded<WasteWeighed>[],
  timeZones: ReadonlyMap<string, string>,
): readonly PointDay[] {
  const days = new Map<string, PointDay>();
  for (const { data, metadata } of weighed) {
    const { municipalityId } = metadata;
    const { pointId } = data;
    const timeZone = timeZones.get(municipalityId);
    // Without its time zone nobody knows on which day anything was weighed; no number is better than a wrong one.
    if (timeZone === undefined) throw new MunicipalityNotFound(municipalityId);
    const day = localDay(data.weighedAt, timeZone);
    const key = JSON.stringify([municipalityId, day, pointId]);
    const { netGrams, weighings } = days.get(key) ?? NOTHING;
    days.set(key, {
      municipalityId,
      pointId,
      day,
      netGrams: netGrams + BigInt(data.netGrams),
      weighings: weighings + 1,
    });
  }
  return [...days.values()];
}

const NOTHING = { netGrams: 0n, weighings: 0 };

/** Rows are written in the order of their keys, so that two writers could wait for each other but never lock up. */
const ADD_TO_DAYS = `
  INSERT INTO point_day AS total (municipality_id, day, point_id, net_grams, weighings)
  SELECT municipality_id, day, point_id, net_grams, weighings
  FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::bigint[])
    AS counted (municipality_id, day, point_id, net_grams, weighings)
  ORDER BY municipality_id, day, point_id
  ON CONFLICT (municipality_id, day, point_id) DO UPDATE SET
    net_grams = total.net_grams + excluded.net_grams,
    weighings = total.weighings + excluded.weighings`;
