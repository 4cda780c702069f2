import { Injectable } from '@nestjs/common';
import { type Currency } from '#kernel';
import { DataSource } from 'typeorm';
import { type LocalText } from '../../events/municipality.events.js';

/** What everyone needs to know of a municipality to show its days and its money. */
export interface RegisteredMunicipality {
  readonly municipalityId: string;
  readonly name: LocalText;
  /** IANA name. */
  readonly timeZone: string;
  readonly currency: Currency;
}

interface MunicipalityRow {
  readonly municipality_id: string;
  readonly name_ar: string;
  readonly name_en: string;
  readonly time_zone: string;
  readonly currency_code: string;
  readonly currency_decimals: number;
}

/** Looks municipalities up. Fits the port of identity that asks where a signed-in person belongs. */
@Injectable()
export class MunicipalityDirectoryReader {
  constructor(private readonly database: DataSource) {}

  /** Null where no such municipality is known (yet). */
  async find(municipalityId: string): Promise<RegisteredMunicipality | null> {
    const [row] = await this.database.query<MunicipalityRow[]>(
      'SELECT * FROM municipality WHERE municipality_id = $1',
      [municipalityId],
    );
    if (row === undefined) return null;
    return {
      municipalityId: row.municipality_id,
      name: { ar: row.name_ar, en: row.name_en },
      timeZone: row.time_zone,
      currency: { code: row.currency_code, decimals: row.currency_decimals },
    };
  }
}
