import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { PageOf, ReadQuery } from '#platform';
import { SchemeDto } from '../published-schemes/scheme.dto.js';
import { type CreditBalance, type Earnings } from './credit-balance.reader.js';
import { type CreditedWeighing } from './credit-journal.reader.js';

const INTEGER = '^-?\\d+$';
const ENTRIES = ['measured', 'manual'] as const;
const STATES = ['provisional'] as const;

const GROWTH_DAYS_DEFAULT = 90;
const GROWTH_DAYS_MAX = 366;

export class HouseholdParams {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsUUID()
  readonly householdId!: string;
}

export class EarningsDto {
  @ApiProperty({ type: String, pattern: INTEGER })
  readonly microCredits!: string;

  @ApiProperty({ type: String, pattern: INTEGER, description: 'What they take off the fee, in its minor unit.' })
  readonly reductionMinor!: string;

  static of({ microCredits, reductionMinor }: Earnings): EarningsDto {
    return { microCredits: String(microCredits), reductionMinor: String(reductionMinor) };
  }
}

export class MaterialEarningsDto {
  @ApiProperty({ type: String })
  readonly material!: string;

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly netGrams!: string;

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly microCredits!: string;

  @ApiProperty({ type: 'integer' })
  readonly weighings!: number;
}

export class BalanceDto {
  @ApiProperty({ type: String, format: 'uuid' })
  readonly householdId!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly name!: string | null;

  @ApiProperty({ type: String, description: 'All that the log holds up to here is counted.' })
  readonly position!: string;

  @ApiProperty({ type: 'integer', description: 'Of the calendar in the time zone of the municipality.' })
  readonly year!: number;

  @ApiProperty({
    type: EarningsDto,
    description: 'Can still change, by a correction or another version of the scheme.',
  })
  readonly provisional!: EarningsDto;

  @ApiProperty({ type: EarningsDto, description: 'Of closed periods.' })
  readonly final!: EarningsDto;

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly feeMinor!: string;

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly reductionMaxMinor!: string;

  @ApiProperty({ type: MaterialEarningsDto, isArray: true })
  readonly byMaterial!: readonly MaterialEarningsDto[];

  @ApiProperty({ type: SchemeDto, nullable: true, description: 'In force now; null before the first one.' })
  readonly scheme!: SchemeDto | null;

  static of(household: { readonly householdId: string; readonly name: string | null }, own: CreditBalance): BalanceDto {
    const { position, year, provisional, byMaterial, tariff } = own;
    return {
      ...household,
      position,
      year,
      provisional: EarningsDto.of(provisional),
      // Nothing is final before periods can be closed.
      final: EarningsDto.of({ microCredits: 0n, reductionMinor: 0n }),
      feeMinor: String(tariff?.feeMinor ?? 0n),
      reductionMaxMinor: String(tariff?.reductionMaxMinor ?? 0n),
      byMaterial: byMaterial.map(({ material, netGrams, microCredits, weighings }) => ({
        material,
        netGrams: String(netGrams),
        microCredits: String(microCredits),
        weighings,
      })),
      scheme: tariff ? SchemeDto.of(tariff) : null,
    };
  }
}

export class HouseholdWeighingDto {
  @ApiProperty({ type: String, format: 'uuid' })
  readonly weighingId!: string;

  @ApiProperty({ type: String })
  readonly position!: string;

  @ApiProperty({ type: String })
  readonly pointId!: string;

  @ApiProperty({ type: String })
  readonly material!: string;

  @ApiProperty({ type: 'integer' })
  readonly grossGrams!: number;

  @ApiProperty({ type: 'integer' })
  readonly tareGrams!: number;

  @ApiProperty({ type: 'integer' })
  readonly netGrams!: number;

  @ApiProperty({ type: String, format: 'date-time' })
  readonly weighedAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  readonly recordedAt!: string;

  @ApiProperty({ enum: ENTRIES })
  readonly entry!: (typeof ENTRIES)[number];

  @ApiProperty({ type: String, isArray: true, description: 'Codes that speak against a reward; the scheme decides.' })
  readonly reasons!: readonly string[];

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly microCredits!: string;

  @ApiProperty({
    type: String,
    pattern: INTEGER,
    description: 'The rate of the material, also where nothing is earned.',
  })
  readonly microCreditsPerGram!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The version that values it; null before the first.' })
  readonly schemeVersion!: number | null;

  @ApiProperty({ enum: STATES })
  readonly state!: (typeof STATES)[number];

  static of({ microCredits, microCreditsPerGram, ...weighing }: CreditedWeighing): HouseholdWeighingDto {
    return {
      ...weighing,
      microCredits: String(microCredits),
      microCreditsPerGram: String(microCreditsPerGram),
      state: 'provisional',
    };
  }
}

export class HouseholdWeighingPage extends PageOf(HouseholdWeighingDto) {}

export class HouseholdGrowthQuery extends ReadQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: GROWTH_DAYS_MAX, default: GROWTH_DAYS_DEFAULT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(GROWTH_DAYS_MAX)
  readonly days: number = GROWTH_DAYS_DEFAULT;
}

export class HouseholdGrowthDto {
  @ApiProperty({ type: String, isArray: true, description: 'YYYY-MM-DD, the oldest first, today last.' })
  readonly days!: readonly string[];

  @ApiProperty({ type: String, isArray: true, description: 'Earned on each of the days.' })
  readonly microCredits!: readonly string[];
}
