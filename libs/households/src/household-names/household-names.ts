import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { searchTextOf } from './search-text.js';

export const NAME_LENGTH_MAX = 200;

/** The names of households: personal data, kept apart from the log so that it can be erased. */
@Injectable()
export class HouseholdNames {
  constructor(private readonly database: DataSource) {}

  /** Keeps a household's first name. A household that has one keeps the one it has. */
  async keep(municipalityId: string, householdId: string, name: string): Promise<void> {
    await this.database.query(
      `INSERT INTO personal.household (household_id, municipality_id, name, search_text) VALUES ($1, $2, $3, $4)
       ON CONFLICT (household_id) DO NOTHING`,
      [householdId, municipalityId, name, searchTextOf(name)],
    );
  }
}
