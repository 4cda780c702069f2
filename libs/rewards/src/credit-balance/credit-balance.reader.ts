import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { START, type Position } from '#event-store';
import { Clock, localDay } from '#kernel';
import { ReadModelProgress } from '#subscriptions';
import { type Tariff } from '../valuation/tariff.js';
import { feeReductionMinor } from '../valuation/valuation.js';
import { CREDIT_BALANCE, CREDIT_BOOK } from './credit-balance.projection.js';

/** Credits and what they take off the fee. */
export interface Earnings {
  readonly microCredits: bigint;
  readonly reductionMinor: bigint;
}

export interface MaterialEarnings {
  readonly material: string;
  readonly netGrams: bigint;
  readonly microCredits: bigint;
  readonly weighings: number;
}

/** What a household has earned in the year that it is now in its municipality. */
export interface CreditBalance {
  /** All that stands in the log up to here is counted; what came a moment later may be too. */
  readonly position: Position;
  readonly year: number;
  readonly provisional: Earnings;
  readonly byMaterial: readonly MaterialEarnings[];
  /** By which credits are turned into money now; undefined before the first scheme took effect. */
  readonly tariff: Tariff | undefined;
}

/** A household among others. */
export interface HouseholdCredits extends Earnings {
  readonly householdId: string;
  readonly weighings: number;
  /** ISO 8601 UTC. */
  readonly lastWeighedAt: string;
}

interface MaterialRow {
  readonly material: string;
  readonly net_grams: string;
  readonly micro_credits: string;
  readonly weighings: string;
}

interface HouseholdRow {
  readonly household_id: string;
  readonly micro_credits: string;
  readonly weighings: string;
  readonly last_weighed_at: Date;
}

/** Reads the sums that the `credit-balance` projection keeps. Credits of a year lower the fee of that year. */
@Injectable()
export class CreditBalanceReader {
  constructor(
    private readonly database: DataSource,
    private readonly progress: ReadModelProgress,
    private readonly clock: Clock,
  ) {}

  async balanceOf(municipalityId: string, householdId: string): Promise<CreditBalance> {
    const position = await this.position();
    const { year, tariff } = await this.present(municipalityId);
    const rows = await this.database.query<MaterialRow[]>(
      `SELECT material, net_grams, micro_credits, weighings FROM household_credit
       WHERE municipality_id = $1 AND household_id = $2 AND year = $3
       ORDER BY material`,
      [municipalityId, householdId, year],
    );
    const byMaterial = rows.map(({ material, net_grams, micro_credits, weighings }) => ({
      material,
      netGrams: BigInt(net_grams),
      microCredits: BigInt(micro_credits),
      weighings: Number(weighings),
    }));
    const microCredits = byMaterial.reduce((sum, own) => sum + own.microCredits, 0n);
    return { position, year, provisional: earningsOf(microCredits, tariff), byMaterial, tariff };
  }

  /**
   * The same sums for several households at once: what they earned this year, how often they ever came and when last.
   * One that never weighed anything is left out. Fits the port that the list of households asks.
   */
  async of(municipalityId: string, householdIds: readonly string[]): Promise<readonly HouseholdCredits[]> {
    const { year, tariff } = await this.present(municipalityId);
    const rows = await this.database.query<HouseholdRow[]>(
      `SELECT household_id, coalesce(sum(micro_credits) FILTER (WHERE year = $3), 0) AS micro_credits,
         sum(weighings) AS weighings, max(last_weighed_at) AS last_weighed_at
       FROM household_credit
       WHERE municipality_id = $1 AND household_id = ANY ($2)
       GROUP BY household_id`,
      [municipalityId, householdIds, year],
    );
    return rows.map(({ household_id, micro_credits, weighings, last_weighed_at }) => ({
      householdId: household_id,
      ...earningsOf(BigInt(micro_credits), tariff),
      weighings: Number(weighings),
      lastWeighedAt: last_weighed_at.toISOString(),
    }));
  }

  private async position(): Promise<Position> {
    const projections = await this.progress.state();
    return projections.find(({ name }) => name === CREDIT_BALANCE)?.position ?? START;
  }

  /** The year it is now, and the scheme that turns its credits into money now. */
  private async present(
    municipalityId: string,
  ): Promise<{ readonly year: number; readonly tariff: Tariff | undefined }> {
    const books = await CREDIT_BOOK.of([municipalityId], (sql, parameters) =>
      this.database.query(sql, [...parameters]),
    );
    const own = books.get(municipalityId);
    // A municipality that the projection has not met yet has no rows either, whatever the year.
    const year = Number(localDay(this.clock.nowIso(), own?.timeZone ?? 'UTC').slice(0, 4));
    return { year, tariff: own?.tariffs.inForceAt(this.clock.nowMs()) };
  }
}

function earningsOf(microCredits: bigint, tariff: Tariff | undefined): Earnings {
  return { microCredits, reductionMinor: tariff ? feeReductionMinor(microCredits, tariff) : 0n };
}
