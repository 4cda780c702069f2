import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { START, type Position } from '#event-store';
import { Clock, localDay } from '#kernel';
import { type LocalText } from '../events/index.js';
import { POINTS_MAX } from '../municipality/municipality.decider.js';
import { WeighingHistoryReader, type LiveWeighing } from '../weighing-history/weighing-history.reader.js';
import { PointScales } from './point-scales.js';

/** More scales than this a board does not show. */
const SCALES_MAX = 5_000;

export interface ScaleStatus {
  readonly scaleId: string;
  /** `unknown` until it says for the first time whether it is there. */
  readonly status: 'online' | 'offline' | 'unknown';
  /** ISO 8601 UTC; null when nothing was ever heard from it. */
  readonly lastSeenAt: string | null;
}

/** A collection point and what goes on there today. */
export interface PointToday {
  readonly pointId: string;
  readonly name: LocalText;
  readonly materials: readonly string[];
  readonly today: {
    /** YYYY-MM-DD in the municipality's time zone. */
    readonly day: string;
    readonly netGrams: string;
    readonly weighings: number;
  };
  readonly lastWeighing: LiveWeighing | null;
  readonly scales: readonly ScaleStatus[];
}

export interface PointBoard {
  /** Of the last weighing that today's sums count: whoever follows the weighings after it misses none. */
  readonly position: Position;
  readonly items: readonly PointToday[];
}

interface PointRow {
  readonly position: string;
  readonly point_id: string;
  readonly name_ar: string;
  readonly name_en: string;
  readonly materials: readonly string[];
  readonly net_grams: string;
  readonly weighings: string;
}

interface StatusRow {
  readonly scale_id: string;
  readonly status: 'online' | 'offline' | null;
  readonly last_seen_at: Date;
}

/** Reads the points of a municipality: where they are, what they weighed today, and whether their scales are there. */
@Injectable()
export class PointBoardReader {
  constructor(
    private readonly database: DataSource,
    private readonly history: WeighingHistoryReader,
    private readonly scales: PointScales,
    private readonly clock: Clock,
  ) {}

  async read(municipalityId: string): Promise<PointBoard> {
    const day = await this.today(municipalityId);
    // One statement, so that the position and the sums are of the same moment.
    const rows = await this.database.query<PointRow[]>(
      `SELECT coalesce(board.position, 0) AS position, point.point_id, point.name_ar, point.name_en, point.materials,
         coalesce(today.net_grams, 0) AS net_grams, coalesce(today.weighings, 0) AS weighings
       FROM collection_point AS point
       LEFT JOIN point_board AS board USING (municipality_id)
       LEFT JOIN point_day AS today
         ON today.municipality_id = point.municipality_id AND today.point_id = point.point_id AND today.day = $2
       WHERE point.municipality_id = $1
       ORDER BY point.place LIMIT $3`,
      [municipalityId, day, POINTS_MAX],
    );
    const pointIds = rows.map(({ point_id }) => point_id);
    const [newest, scales] = await Promise.all([
      this.history.newestOf(municipalityId, pointIds),
      this.scalesOf(municipalityId),
    ]);
    return {
      position: rows[0]?.position ?? START,
      items: rows.map((row) => ({
        pointId: row.point_id,
        name: { ar: row.name_ar, en: row.name_en },
        materials: row.materials,
        today: { day, netGrams: row.net_grams, weighings: Number(row.weighings) },
        lastWeighing: newest.find(({ pointId }) => pointId === row.point_id) ?? null,
        scales: scales.filter(({ pointId }) => pointId === row.point_id).map(({ status }) => status),
      })),
    };
  }

  private async today(municipalityId: string): Promise<string> {
    const [row] = await this.database.query<{ readonly time_zone: string }[]>(
      'SELECT time_zone FROM point_board WHERE municipality_id = $1',
      [municipalityId],
    );
    // A municipality that the projection has not met yet has no sums either, whatever the day.
    return localDay(this.clock.nowIso(), row?.time_zone ?? 'UTC');
  }

  /** The scales of all points; what was heard of them is not derived from the log and lies with what ingest keeps. */
  private async scalesOf(municipalityId: string): Promise<readonly { pointId: string; status: ScaleStatus }[]> {
    const scales = await this.scales.ofMunicipality(municipalityId, '', SCALES_MAX);
    const rows = await this.database.query<StatusRow[]>(
      'SELECT scale_id, status, last_seen_at FROM ingest.scale_status WHERE municipality_id = $1 AND scale_id = ANY ($2)',
      [municipalityId, scales.map(({ scaleId }) => scaleId)],
    );
    const heard = new Map(rows.map((row) => [row.scale_id, row]));
    return scales.map(({ scaleId, pointId }) => ({ pointId, status: statusOf(scaleId, heard.get(scaleId)) }));
  }
}

function statusOf(scaleId: string, heard: StatusRow | undefined): ScaleStatus {
  return { scaleId, status: heard?.status ?? 'unknown', lastSeenAt: heard?.last_seen_at.toISOString() ?? null };
}
