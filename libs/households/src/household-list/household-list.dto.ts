import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { ListQuery, PageOf } from '#platform';
import { HOUSEHOLD_ORDERS, type HouseholdOrder } from './household-list.reader.js';

const KINDS = ['home', 'shop'] as const;
const SEARCH_LENGTH_MAX = 100;

export class HouseholdListQuery extends ListQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: SEARCH_LENGTH_MAX,
    description: 'Words of the name in any spelling (أحمد finds احمد), or the beginning of the id.',
  })
  @IsOptional()
  @IsString()
  @Length(0, SEARCH_LENGTH_MAX)
  readonly search: string = '';

  @ApiPropertyOptional({ enum: HOUSEHOLD_ORDERS, default: 'name' })
  @IsOptional()
  @IsIn(HOUSEHOLD_ORDERS)
  readonly order: HouseholdOrder = 'name';
}

export class HouseholdDto {
  @ApiProperty({ type: String, format: 'uuid' })
  readonly householdId!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly name!: string | null;

  @ApiProperty({ enum: KINDS })
  readonly kind!: (typeof KINDS)[number];

  @ApiProperty({ type: 'integer', minimum: 0 })
  readonly persons!: number;

  @ApiProperty({ type: String, pattern: '^-?\\d+$', description: 'Earned this year, provisional.' })
  readonly microCredits!: string;

  @ApiProperty({ type: String, pattern: '^-?\\d+$', description: "In the minor unit of the municipality's currency." })
  readonly reductionMinor!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  readonly weighings!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastWeighedAt!: string | null;
}

export class HouseholdPage extends PageOf(HouseholdDto) {}
