import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { CURSOR_LENGTH_MAX } from './cursor.js';

export const LIST_LIMIT_DEFAULT = 50;
export const LIST_LIMIT_MAX = 200;

/** A position in the log as it stands in an address: a decimal that fits in 64 bits. */
export const POSITION_PATTERN = /^\d{1,19}$/;

/** What every read-model GET accepts. The waiting itself is done by ReadAfterInterceptor before the route runs. */
export class ReadQuery {
  @ApiPropertyOptional({
    type: String,
    pattern: POSITION_PATTERN.source,
    description: 'Answer only once the read model holds everything up to this log position (a bounded wait).',
  })
  @IsOptional()
  @Matches(POSITION_PATTERN)
  readonly after?: string;
}

/** One page of a list: newest first or by name, as the route says; bounded always. */
export class ListQuery extends ReadQuery {
  @ApiPropertyOptional({ type: String, description: 'The `nextCursor` of the page before; opaque.' })
  @IsOptional()
  @IsString()
  @Length(1, CURSOR_LENGTH_MAX)
  readonly cursor?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: LIST_LIMIT_MAX, default: LIST_LIMIT_DEFAULT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(LIST_LIMIT_MAX)
  readonly limit: number = LIST_LIMIT_DEFAULT;
}
