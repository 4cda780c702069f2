import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { START, type Position } from '#event-store';
import { Rewardability } from './rewardability.js';

/** A weighing as anybody may see it: what was weighed, where and when, but not whose it is. */
export interface LiveWeighing {
  readonly position: Position;
  readonly weighingId: string;
  readonly pointId: string;
  readonly scaleId: string;
  readonly material: string;
  readonly netGrams: number;
  /** ISO 8601 UTC, as the other two. */
  readonly weighedAt: string;
  readonly receivedAt: string;
  readonly recordedAt: string;
  /** Whether it earns, as far as the reasons against it go: none, or the municipality's scheme forgives each. */
  readonly rewardable: boolean;
  readonly reasons: readonly string[];
}

/** A weighing with all that was recorded of it. */
export interface Weighing extends LiveWeighing {
  readonly householdId: string | null;
  readonly grossGrams: number;
  readonly tareGrams: number;
  readonly entry: 'measured' | 'manual';
  readonly seq: number;
}

export interface MunicipalWeighing {
  readonly municipalityId: string;
  readonly weighing: LiveWeighing;
}

export interface WeighingFilter {
  readonly pointId?: string | undefined;
  readonly material?: string | undefined;
}

interface LiveRow {
  readonly municipality_id: string;
  readonly position: string;
  readonly weighing_id: string;
  readonly point_id: string;
  readonly scale_id: string;
  readonly material: string;
  readonly net_grams: string;
  readonly weighed_at: Date;
  readonly received_at: Date;
  readonly recorded_at: Date;
  readonly reasons: readonly string[];
}

interface WeighingRow extends LiveRow {
  readonly household_id: string | null;
  readonly gross_grams: string;
  readonly tare_grams: string;
  readonly entry: 'measured' | 'manual';
  readonly seq: string;
}

/** Above every position: 2^63 - 1. */
const NEWEST = '9223372036854775807';

const LIVE_COLUMNS = `municipality_id, position, weighing_id, point_id, scale_id, material, net_grams,
  weighed_at, received_at, recorded_at, reasons`;

/** Reads what the `weighing-history` projection keeps. */
@Injectable()
export class WeighingHistoryReader {
  constructor(
    private readonly database: DataSource,
    private readonly rewardability: Rewardability,
  ) {}

  /** A municipality's weighings, the newest first, before a position where one is given. */
  async list(
    municipalityId: string,
    { pointId, material }: WeighingFilter,
    before: Position | undefined,
    max: number,
  ): Promise<readonly Weighing[]> {
    const rows = await this.database.query<WeighingRow[]>(
      `SELECT ${LIVE_COLUMNS}, household_id, gross_grams, tare_grams, entry, seq FROM weighing
       WHERE municipality_id = $1 AND position < coalesce($2::bigint, ${NEWEST})
         AND ($3::text IS NULL OR point_id = $3) AND ($4::text IS NULL OR material = $4)
       ORDER BY position DESC LIMIT $5`,
      [municipalityId, before, pointId, material, max],
    );
    const earns = await this.rewardability.of(rows.map(judgedOf));
    return rows.map((row, index) => ({
      ...liveOf(row, earns[index] === true),
      householdId: row.household_id,
      grossGrams: Number(row.gross_grams),
      tareGrams: Number(row.tare_grams),
      entry: row.entry,
      seq: Number(row.seq),
    }));
  }

  /** The newest weighings of a municipality, the newest first. */
  async recent(municipalityId: string, max: number): Promise<readonly LiveWeighing[]> {
    const rows = await this.database.query<LiveRow[]>(
      `SELECT ${LIVE_COLUMNS} FROM weighing WHERE municipality_id = $1 ORDER BY position DESC LIMIT $2`,
      [municipalityId, max],
    );
    return (await this.judged(rows)).map(({ weighing }) => weighing);
  }

  /** The newest weighing of each of the points. */
  async newestOf(municipalityId: string, pointIds: readonly string[]): Promise<readonly LiveWeighing[]> {
    const rows = await this.database.query<LiveRow[]>(
      `SELECT newest.* FROM unnest($2::text[]) AS point (point_id)
       CROSS JOIN LATERAL (
         SELECT ${LIVE_COLUMNS} FROM weighing
         WHERE municipality_id = $1 AND weighing.point_id = point.point_id
         ORDER BY position DESC LIMIT 1
       ) AS newest`,
      [municipalityId, pointIds],
    );
    return (await this.judged(rows)).map(({ weighing }) => weighing);
  }

  /** The weighings of all municipalities after a position, in the order of the log. */
  async after(position: Position, max: number): Promise<readonly MunicipalWeighing[]> {
    return this.judged(
      await this.database.query<LiveRow[]>(
        `SELECT ${LIVE_COLUMNS} FROM weighing WHERE position > $1 ORDER BY position LIMIT $2`,
        [position, max],
      ),
    );
  }

  /** The weighings of one municipality after a position, in the order of the log. */
  async ofMunicipalityAfter(municipalityId: string, position: Position, max: number): Promise<readonly LiveWeighing[]> {
    const rows = await this.database.query<LiveRow[]>(
      `SELECT ${LIVE_COLUMNS} FROM weighing
       WHERE municipality_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
      [municipalityId, position, max],
    );
    return (await this.judged(rows)).map(({ weighing }) => weighing);
  }

  /** The position of the newest weighing of all; START when there is none. */
  async newestPosition(): Promise<Position> {
    const [row] = await this.database.query<{ readonly position: string | null }[]>(
      'SELECT max(position) AS position FROM weighing',
    );
    return row?.position ?? START;
  }

  private async judged(rows: readonly LiveRow[]): Promise<readonly MunicipalWeighing[]> {
    const earns = await this.rewardability.of(rows.map(judgedOf));
    return rows.map((row, index) => ({
      municipalityId: row.municipality_id,
      weighing: liveOf(row, earns[index] === true),
    }));
  }
}

function judgedOf({ municipality_id, weighed_at, reasons }: LiveRow) {
  return { municipalityId: municipality_id, weighedAtMs: weighed_at.getTime(), reasons };
}

function liveOf(row: LiveRow, rewardable: boolean): LiveWeighing {
  return {
    position: row.position,
    weighingId: row.weighing_id,
    pointId: row.point_id,
    scaleId: row.scale_id,
    material: row.material,
    netGrams: Number(row.net_grams),
    weighedAt: row.weighed_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    rewardable,
    reasons: row.reasons,
  };
}
