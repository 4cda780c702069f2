import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { LIST_LIMIT_MAX, ListQuery, PageOf, ReadQuery } from '#platform';
import { type LiveWeighing, type Weighing } from './weighing-history.reader.js';

const ENTRIES = ['measured', 'manual'] as const;
const ID_LENGTH_MAX = 64;
const RECENT_DEFAULT = 20;

export class LiveWeighingDto implements LiveWeighing {
  @ApiProperty({ type: String, description: 'Its place in the log; later ones have higher numbers.' })
  readonly position!: string;

  @ApiProperty({ type: String, format: 'uuid' })
  readonly weighingId!: string;

  @ApiProperty({ type: String })
  readonly pointId!: string;

  @ApiProperty({ type: String })
  readonly scaleId!: string;

  @ApiProperty({ type: String })
  readonly material!: string;

  @ApiProperty({ type: 'integer' })
  readonly netGrams!: number;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it happened, as the scale claims.' })
  readonly weighedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it was heard.' })
  readonly receivedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it became a fact.' })
  readonly recordedAt!: string;

  @ApiProperty({ type: Boolean, description: 'Whether it earns under the scheme of the municipality.' })
  readonly rewardable!: boolean;

  @ApiProperty({ type: String, isArray: true, description: 'Codes that speak against a reward.' })
  readonly reasons!: readonly string[];
}

export class WeighingDto extends LiveWeighingDto implements Weighing {
  @ApiProperty({ type: String, nullable: true })
  readonly householdId!: string | null;

  @ApiProperty({ type: 'integer' })
  readonly grossGrams!: number;

  @ApiProperty({ type: 'integer' })
  readonly tareGrams!: number;

  @ApiProperty({ enum: ENTRIES })
  readonly entry!: (typeof ENTRIES)[number];

  @ApiProperty({ type: 'integer', description: 'Its number in the sequence of the scale.' })
  readonly seq!: number;
}

export class WeighingPage extends PageOf(WeighingDto) {}

export class WeighingQuery extends ListQuery {
  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @Length(1, ID_LENGTH_MAX)
  readonly pointId?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @Length(1, ID_LENGTH_MAX)
  readonly material?: string;
}

export class RecentWeighingsQuery extends ReadQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: LIST_LIMIT_MAX, default: RECENT_DEFAULT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LIST_LIMIT_MAX)
  readonly limit: number = RECENT_DEFAULT;
}

export class RecentWeighingsDto {
  @ApiProperty({ type: LiveWeighingDto, isArray: true, description: 'The newest first.' })
  readonly items!: readonly LiveWeighingDto[];
}
