import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { ReadQuery } from '#platform';
import { type MaterialGrowth, type StockGrowth, type StockLevel } from './stock-level.reader.js';

const INTEGER = '^-?\\d+$';
const GROWTH_DAYS_DEFAULT = 60;
const GROWTH_DAYS_MAX = 366;
const ID_LENGTH_MAX = 64;

export class StockDto implements StockLevel {
  @ApiProperty({ type: String })
  readonly pointId!: string;

  @ApiProperty({ type: String })
  readonly material!: string;

  @ApiProperty({ type: String, pattern: INTEGER })
  readonly grams!: string;

  @ApiProperty({ type: 'integer' })
  readonly weighings!: number;

  @ApiProperty({ type: String, format: 'date-time' })
  readonly lastWeighedAt!: string;

  @ApiProperty({ type: String, pattern: INTEGER, description: 'Came in the last 7 days, today included.' })
  readonly grams7Days!: string;

  @ApiProperty({ type: String, pattern: INTEGER, description: 'Came in the last 30 days, today included.' })
  readonly grams30Days!: string;
}

export class StocksDto {
  @ApiProperty({ type: String, description: 'All that the log holds up to here is counted.' })
  readonly position!: string;

  @ApiProperty({ type: StockDto, isArray: true })
  readonly items!: readonly StockDto[];
}

export class StockGrowthQuery extends ReadQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: GROWTH_DAYS_MAX, default: GROWTH_DAYS_DEFAULT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(GROWTH_DAYS_MAX)
  readonly days: number = GROWTH_DAYS_DEFAULT;

  @ApiPropertyOptional({ type: String, description: 'Only this point; all points together by default.' })
  @IsOptional()
  @IsString()
  @Length(1, ID_LENGTH_MAX)
  readonly pointId?: string;
}

export class MaterialGrowthDto implements MaterialGrowth {
  @ApiProperty({ type: String })
  readonly material!: string;

  @ApiProperty({ type: String, isArray: true, description: 'What came on each of the days.' })
  readonly gramsByDay!: readonly string[];

  @ApiProperty({ type: String, pattern: INTEGER, description: 'What lay there before the first of the days.' })
  readonly totalBefore!: string;
}

export class StockGrowthDto implements StockGrowth {
  @ApiProperty({ type: String, isArray: true, description: 'YYYY-MM-DD, the oldest first, today last.' })
  readonly days!: readonly string[];

  @ApiProperty({ type: MaterialGrowthDto, isArray: true })
  readonly series!: readonly MaterialGrowthDto[];
}
