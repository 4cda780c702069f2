import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { ReadQuery } from '#platform';

const POSITION = /^\d{1,18}$/;

export class LiveWeighingsQuery extends ReadQuery {
  @ApiPropertyOptional({
    type: String,
    pattern: POSITION.source,
    description: 'Begin after this position: what `Last-Event-ID` says, for a first connection, which cannot send it.',
  })
  @IsOptional()
  @Matches(POSITION)
  readonly lastEventId?: string;
}
