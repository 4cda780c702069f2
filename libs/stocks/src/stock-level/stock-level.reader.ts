import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { START, type Position } from '#event-store';
import { Clock, localDay } from '#kernel';
import { ReadModelProgress } from '#subscriptions';
import { STOCK_LEVEL } from './stock-level.projection.js';

/** What lies at a point of a material. Grams are decimal strings: a total can pass 2^53. */
export interface StockLevel {
  readonly pointId: string;
  readonly material: string;
  readonly grams: string;
  readonly weighings: number;
  readonly lastWeighedAt: string;
  /** What came in the last days, today included. */
  readonly grams7Days: string;
  readonly grams30Days: string;
}

/** How one material grew. */
export interface MaterialGrowth {
  readonly material: string;
  /** What came on each day. */
  readonly gramsByDay: readonly string[];
  /** What lay there before the first of the days. */
  readonly totalBefore: string;
}

export interface StockGrowth {
  /** YYYY-MM-DD in the municipality's time zone, the oldest first, today last. */
  readonly days: readonly string[];
  readonly series: readonly MaterialGrowth[];
}

interface StockRow {
  readonly point_id: string;
  readonly material: string;
  readonly grams: string;
  readonly weighings: string;
  readonly last_weighed_at: Date;
  readonly grams_7_days: string;
  readonly grams_30_days: string;
}

interface GrowthRow {
  readonly material: string;
  readonly grams_by_day: readonly string[];
  readonly total_before: string;
}

/** Reads what the `stock-level` projection keeps. */
@Injectable()
export class StockLevelReader {
  constructor(
    private readonly database: DataSource,
    private readonly progress: ReadModelProgress,
    private readonly clock: Clock,
  ) {}

  /** All that the log holds up to here is counted in what is read from now on. */
  async position(): Promise<Position> {
    const projections = await this.progress.state();
    return projections.find(({ name }) => name === STOCK_LEVEL)?.position ?? START;
  }

  /** A municipality's stock by point and material: as many rows as points times materials at most. */
  async levels(municipalityId: string): Promise<readonly StockLevel[]> {
    const rows = await this.database.query<StockRow[]>(
      `SELECT stock.point_id, stock.material, stock.grams, stock.weighings, stock.last_weighed_at,
         coalesce(recent.grams_7_days, 0) AS grams_7_days, coalesce(recent.grams_30_days, 0) AS grams_30_days
       FROM material_stock AS stock LEFT JOIN (
         SELECT point_id, material, sum(grams) AS grams_30_days, sum(grams) FILTER (WHERE day > $2::date - 7) AS grams_7_days
         FROM material_stock_daily
         WHERE municipality_id = $1 AND day > $2::date - 30 AND day <= $2::date
         GROUP BY point_id, material
       ) AS recent USING (point_id, material)
       WHERE stock.municipality_id = $1
       ORDER BY stock.point_id, stock.material`,
      [municipalityId, await this.today(municipalityId)],
    );
    return rows.map((row) => ({
      pointId: row.point_id,
      material: row.material,
      grams: row.grams,
      weighings: Number(row.weighings),
      lastWeighedAt: row.last_weighed_at.toISOString(),
      grams7Days: row.grams_7_days,
      grams30Days: row.grams_30_days,
    }));
  }

  /**
   * What came on each of the last days, of every material that lies there.
   * @param pointId only this point; all when undefined
   */
  async growth(municipalityId: string, days: number, pointId?: string): Promise<StockGrowth> {
    const today = await this.today(municipalityId);
    const rows = await this.database.query<GrowthRow[]>(GROWTH, [municipalityId, today, days, pointId]);
    return {
      days: lastDays(today, days),
      series: rows.map(({ material, grams_by_day, total_before }) => ({
        material,
        gramsByDay: grams_by_day,
        totalBefore: total_before,
      })),
    };
  }

  private async today(municipalityId: string): Promise<string> {
    const [row] = await this.database.query<{ readonly time_zone: string }[]>(
      'SELECT time_zone FROM stock_municipality WHERE municipality_id = $1',
      [municipalityId],
    );
    // A municipality that the projection has not met yet has no stock either, whatever the day.
    return localDay(this.clock.nowIso(), row?.time_zone ?? 'UTC');
  }
}

/** What came before the days is the whole less what came since, so that old days need not be read. */
const GROWTH = `
  WITH since AS (
    SELECT material, day, sum(grams) AS grams
    FROM material_stock_daily
    WHERE municipality_id = $1 AND day > $2::date - $3::int AND ($4::text IS NULL OR point_id = $4)
    GROUP BY material, day
  ), whole AS (
    SELECT material, sum(grams) AS grams
    FROM material_stock
    WHERE municipality_id = $1 AND ($4::text IS NULL OR point_id = $4)
    GROUP BY material
  )
  SELECT whole.material,
    (whole.grams - coalesce((SELECT sum(grams) FROM since WHERE since.material = whole.material), 0))::text AS total_before,
    array_agg(coalesce(since.grams, 0)::text ORDER BY calendar.day) AS grams_by_day
  FROM whole
  CROSS JOIN (SELECT $2::date - ago AS day FROM generate_series(0, $3::int - 1) AS ago) AS calendar
  LEFT JOIN since ON since.material = whole.material AND since.day = calendar.day
  GROUP BY whole.material, whole.grams
  ORDER BY whole.material`;

const DAY_MS = 86_400_000;

/** Calendar days have no time zone of their own: counting them in UTC skips and repeats none. */
function lastDays(today: string, days: number): readonly string[] {
  const todayMs = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days }, (_, index) =>
    new Date(todayMs - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}
