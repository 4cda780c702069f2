import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Looks single households up. Fits the port that rewards ask before they show a balance. */
@Injectable()
export class HouseholdDirectoryReader {
  constructor(private readonly database: DataSource) {}

  /** A household's name (null where none is kept); null where the municipality has no such household. */
  async find(municipalityId: string, householdId: string): Promise<{ readonly name: string | null } | null> {
    const [row] = await this.database.query<{ readonly name: string | null }[]>(
      `SELECT p.name FROM household_register AS h
       LEFT JOIN personal.household AS p USING (municipality_id, household_id)
       WHERE municipality_id = $1 AND household_id = $2`,
      [municipalityId, householdId],
    );
    return row ?? null;
  }
}
