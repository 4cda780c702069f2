import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Allow, CurrentAccount, ROLES, type Account } from '#identity';
import { ReadQuery } from '#platform';
import { MATERIALS_MAX } from '../municipality.decider.js';
import { MaterialsDto, type MaterialDto } from './materials.dto.js';

interface MaterialRow extends Omit<MaterialDto, 'name'> {
  readonly name_ar: string;
  readonly name_en: string;
}

/** What the municipality collects. */
@ApiTags('collection')
@Controller('materials')
export class MaterialsController {
  constructor(private readonly database: DataSource) {}

  /** Every material, in the order in which the municipality listed them. */
  @Get()
  @Allow(...ROLES)
  @ApiOkResponse({ type: MaterialsDto })
  async list(@Query() _query: ReadQuery, @CurrentAccount() { municipalityId }: Account): Promise<MaterialsDto> {
    const rows = await this.database.query<MaterialRow[]>(
      `SELECT material, name_ar, name_en, colour, pictogram, waste_code AS "wasteCode" FROM material
       WHERE municipality_id = $1 ORDER BY place LIMIT $2`,
      [municipalityId, MATERIALS_MAX],
    );
    return {
      items: rows.map(({ name_ar, name_en, ...material }) => ({ ...material, name: { ar: name_ar, en: name_en } })),
    };
  }
}
