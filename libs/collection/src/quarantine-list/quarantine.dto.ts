import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '#platform';

export class QuarantinedReportDto {
  @ApiProperty({ type: String })
  readonly quarantineId!: string;

  @ApiProperty({ type: String, description: 'The scale that the topic names, registered or not.' })
  readonly scaleId!: string;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly seq!: number | null;

  @ApiProperty({ type: String, nullable: true })
  readonly weighingId!: string | null;

  @ApiProperty({ type: String, isArray: true })
  readonly reasons!: readonly string[];

  @ApiProperty({ type: String, isArray: true, description: 'What exactly was wrong.' })
  readonly details!: readonly string[];

  @ApiProperty({ type: String })
  readonly topic!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  readonly receivedAt!: string;

  @ApiProperty({ type: String, description: 'base64url SHA-256 of the received bytes, which are kept as evidence.' })
  readonly messageHash!: string;
}

export class QuarantinedReportPage extends PageOf(QuarantinedReportDto) {}
