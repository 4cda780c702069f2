import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Tariff } from '../valuation/tariff.js';
import { PUBLISHED_SCHEMES } from './published-schemes.projection.js';

/** From `effectiveFrom` on, until a later condition of the same municipality takes effect. */
export interface RewardCondition {
  readonly municipalityId: string;
  /** ISO 8601 UTC, inclusive. */
  readonly effectiveFrom: string;
  /** Reasons (contract codes) in spite of which a weighing earns. */
  readonly earnsDespite: readonly string[];
}

/** What the published schemes say. */
@Injectable()
export class SchemeReader {
  constructor(private readonly database: DataSource) {}

  /**
   * Which reasons the schemes of some municipalities forgive, and since when; one query. Versions that a later,
   * retroactive one replaced are left out. Fits the port that collection asks whether a weighing earns.
   */
  async ofMunicipalities(municipalityIds: readonly string[]): Promise<readonly RewardCondition[]> {
    const rewards = await this.read(municipalityIds);
    return [...rewards].flatMap(([municipalityId, { tariffs }]) =>
      tariffs.prevailing.map(({ effectiveFrom, earnsDespite }) => ({
        municipalityId,
        effectiveFrom,
        earnsDespite: [...earnsDespite],
      })),
    );
  }

  /** The version in force in a municipality; undefined before the first one took effect. */
  async inForceAt(municipalityId: string, instantMs: number): Promise<Tariff | undefined> {
    return (await this.read([municipalityId])).get(municipalityId)?.tariffs.inForceAt(instantMs);
  }

  private read(municipalityIds: readonly string[]) {
    return PUBLISHED_SCHEMES.of(municipalityIds, (sql, parameters) => this.database.query(sql, [...parameters]));
  }
}
