import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Allow, CurrentAccount, type Account } from '#identity';
import { decodeCursor, ListQuery, pageOf, type Page } from '#platform';
import { QuarantinedReportPage, type QuarantinedReportDto } from './quarantine.dto.js';

const placeInQuarantine = z.object({ position: z.string().regex(/^\d{1,18}$/) });

/** Above every position: 2^63 - 1. */
const NEWEST = '9223372036854775807';

interface QuarantineRow {
  readonly position: string;
  readonly quarantine_id: string;
  readonly scale_id: string;
  readonly seq: string | null;
  readonly weighing_id: string | null;
  readonly reasons: readonly string[];
  readonly details: readonly string[];
  readonly topic: string;
  readonly received_at: Date;
  readonly message_hash: string;
}

/** Reports that could not be recorded, for those who can find out why. */
@ApiTags('collection')
@Controller('quarantine')
export class QuarantineController {
  constructor(private readonly database: DataSource) {}

  /** Quarantined reports, the newest first. */
  @Get()
  @Allow('operator', 'clerk')
  @ApiOkResponse({ type: QuarantinedReportPage })
  async list(
    @CurrentAccount() { municipalityId }: Account,
    @Query() { cursor, limit }: ListQuery,
  ): Promise<Page<QuarantinedReportDto>> {
    const before = decodeCursor(cursor, placeInQuarantine)?.position;
    const rows = await this.database.query<QuarantineRow[]>(
      `SELECT position, quarantine_id, scale_id, seq, weighing_id, reasons, details, topic, received_at, message_hash
       FROM quarantined_report
       WHERE municipality_id = $1 AND position < coalesce($2::bigint, ${NEWEST})
       ORDER BY position DESC LIMIT $3`,
      [municipalityId, before, limit + 1],
    );
    const { items, nextCursor } = pageOf(rows, limit, ({ position }) => ({ position }));
    return { items: items.map(reportOf), nextCursor };
  }
}

function reportOf(row: QuarantineRow): QuarantinedReportDto {
  return {
    quarantineId: row.quarantine_id,
    scaleId: row.scale_id,
    seq: row.seq === null ? null : Number(row.seq),
    weighingId: row.weighing_id,
    reasons: row.reasons,
    details: row.details,
    topic: row.topic,
    receivedAt: row.received_at.toISOString(),
    messageHash: row.message_hash,
  };
}
