import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Position } from '#event-store';
import { Clock, localDay } from '#kernel';

/** A household's visit and what it earned. */
export interface CreditedWeighing {
  readonly weighingId: string;
  readonly position: Position;
  readonly pointId: string;
  readonly material: string;
  readonly grossGrams: number;
  readonly tareGrams: number;
  readonly netGrams: number;
  readonly weighedAt: string;
  readonly recordedAt: string;
  readonly entry: 'measured' | 'manual';
  readonly reasons: readonly string[];
  readonly microCredits: bigint;
  readonly microCreditsPerGram: bigint;
  readonly schemeVersion: number | null;
}

/** A place in the journal of a household. */
export interface JournalPlace {
  /** ISO 8601 UTC. */
  readonly weighedAt: string;
  readonly position: Position;
}

export interface EarnedOnDay {
  /** YYYY-MM-DD in the municipality's time zone. */
  readonly day: string;
  readonly microCredits: string;
}

interface EntryRow {
  readonly weighing_id: string;
  readonly position: string;
  readonly point_id: string;
  readonly material: string;
  readonly gross_grams: string;
  readonly tare_grams: string;
  readonly net_grams: string;
  readonly weighed_at: Date;
  readonly recorded_at: Date;
  readonly entry: 'measured' | 'manual';
  readonly reasons: readonly string[];
  readonly micro_credits: string;
  readonly micro_credits_per_gram: string;
  readonly scheme_version: number | null;
}

/** Reads the journal that the `credit-balance` projection keeps. */
@Injectable()
export class CreditJournalReader {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** A household's weighings, the latest first by when they happened. */
  async weighingsOf(
    municipalityId: string,
    householdId: string,
    before: JournalPlace | undefined,
    max: number,
  ): Promise<readonly CreditedWeighing[]> {
    const rows = await this.database.query<EntryRow[]>(
      `SELECT weighing_id, position, point_id, material, gross_grams, tare_grams, net_grams, weighed_at, recorded_at,
         entry, reasons, micro_credits, micro_credits_per_gram, scheme_version
       FROM credit_entry
       WHERE municipality_id = $1 AND household_id = $2
         AND (weighed_at, position) < (coalesce($3, 'infinity')::timestamptz, coalesce($4::bigint, 0))
       ORDER BY weighed_at DESC, position DESC
       LIMIT $5`,
      [municipalityId, householdId, before?.weighedAt, before?.position, max],
    );
    return rows.map(weighingOf);
  }

  /** What a household earned on each of the last days, today included, the oldest first. */
  async earnedByDay(municipalityId: string, householdId: string, days: number): Promise<readonly EarnedOnDay[]> {
    const today = localDay(this.clock.nowIso(), await this.timeZoneOf(municipalityId));
    // A local day begins at most a day before or after the one in UTC: the first condition is for the index.
    return this.database.query<EarnedOnDay[]>(
      `WITH earned AS (
         SELECT day, sum(micro_credits) AS micro_credits
         FROM credit_entry
         WHERE municipality_id = $1 AND household_id = $2
           AND weighed_at >= ($3::date - $4::int)::timestamp AT TIME ZONE 'UTC' AND day > $3::date - $4::int
         GROUP BY day
       )
       SELECT to_char(day, 'YYYY-MM-DD') AS day, coalesce(micro_credits, 0)::text AS "microCredits"
       FROM (SELECT $3::date - ago AS day FROM generate_series(0, $4::int - 1) AS ago) AS calendar
       LEFT JOIN earned USING (day)
       ORDER BY day`,
      [municipalityId, householdId, today, days],
    );
  }

  private async timeZoneOf(municipalityId: string): Promise<string> {
    const [row] = await this.database.query<{ readonly time_zone: string }[]>(
      'SELECT time_zone FROM credit_municipality WHERE municipality_id = $1 LIMIT 1',
      [municipalityId],
    );
    // A municipality that the projection has not met yet has no rows either, whatever the day.
    return row?.time_zone ?? 'UTC';
  }
}

function weighingOf(row: EntryRow): CreditedWeighing {
  return {
    weighingId: row.weighing_id,
    position: row.position,
    pointId: row.point_id,
    material: row.material,
    grossGrams: Number(row.gross_grams),
    tareGrams: Number(row.tare_grams),
    netGrams: Number(row.net_grams),
    weighedAt: row.weighed_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    entry: row.entry,
    reasons: row.reasons,
    microCredits: BigInt(row.micro_credits),
    microCreditsPerGram: BigInt(row.micro_credits_per_gram),
    schemeVersion: row.scheme_version,
  };
}
