import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '#platform';
import { type SequenceRange } from './scale-sequences.js';

const TRUSTS = ['signed', 'unsigned'] as const;
const STATUSES = ['online', 'offline', 'unknown'] as const;

export class SequenceRangeDto implements SequenceRange {
  @ApiProperty({ type: String, pattern: '^\\d+$' })
  readonly from!: string;

  @ApiProperty({ type: String, pattern: '^\\d+$' })
  readonly to!: string;
}

export class ScaleDto {
  @ApiProperty({ type: String })
  readonly scaleId!: string;

  @ApiProperty({ type: String })
  readonly pointId!: string;

  @ApiProperty({ enum: TRUSTS })
  readonly trust!: (typeof TRUSTS)[number];

  @ApiProperty({ type: String, format: 'date-time', description: 'End of its metrological verification.' })
  readonly verifiedUntil!: string;

  @ApiProperty({
    type: String,
    pattern: '^\\d+$',
    nullable: true,
    description: 'Its reports up to here are durably stored without a gap.',
  })
  readonly ackedSeq!: string | null;

  @ApiProperty({ type: SequenceRangeDto, isArray: true, description: 'Reports that never came, the lowest first.' })
  readonly missing!: readonly SequenceRangeDto[];

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastSeenAt!: string | null;

  @ApiProperty({ enum: STATUSES, description: '`unknown` until it says for the first time whether it is there.' })
  readonly status!: (typeof STATUSES)[number];
}

export class ScalePage extends PageOf(ScaleDto) {}
