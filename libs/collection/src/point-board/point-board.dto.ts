import { ApiProperty } from '@nestjs/swagger';
import { LocalTextDto } from '#platform';
import { LiveWeighingDto } from '../weighing-history/weighing-history.dto.js';
import { type PointBoard, type PointToday, type ScaleStatus } from './point-board.reader.js';

const STATUSES = ['online', 'offline', 'unknown'] as const;

export class PointDayDto {
  @ApiProperty({ type: String, description: 'YYYY-MM-DD in the time zone of the municipality.' })
  readonly day!: string;

  @ApiProperty({ type: String, pattern: '^-?\\d+$' })
  readonly netGrams!: string;

  @ApiProperty({ type: 'integer' })
  readonly weighings!: number;
}

export class PointScaleDto implements ScaleStatus {
  @ApiProperty({ type: String })
  readonly scaleId!: string;

  @ApiProperty({ enum: STATUSES, description: '`unknown` until it says for the first time whether it is there.' })
  readonly status!: (typeof STATUSES)[number];

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastSeenAt!: string | null;
}

export class PointDto implements PointToday {
  @ApiProperty({ type: String })
  readonly pointId!: string;

  @ApiProperty({ type: LocalTextDto })
  readonly name!: LocalTextDto;

  @ApiProperty({ type: String, isArray: true })
  readonly materials!: readonly string[];

  @ApiProperty({ type: PointDayDto })
  readonly today!: PointDayDto;

  @ApiProperty({ type: LiveWeighingDto, nullable: true })
  readonly lastWeighing!: LiveWeighingDto | null;

  @ApiProperty({ type: PointScaleDto, isArray: true })
  readonly scales!: readonly PointScaleDto[];
}

export class PointsDto implements PointBoard {
  @ApiProperty({
    type: String,
    description: 'Of the last weighing that is counted. Follow the live stream from here (`lastEventId`) to miss none.',
  })
  readonly position!: string;

  @ApiProperty({ type: PointDto, isArray: true })
  readonly items!: readonly PointDto[];
}
