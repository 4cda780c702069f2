import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CurrentAccount, ROLES, type Account } from '#identity';
import { decodeCursor, pageOf, type Page } from '#platform';
import {
  RecentWeighingsDto,
  RecentWeighingsQuery,
  WeighingPage,
  WeighingQuery,
  type WeighingDto,
} from './weighing-history.dto.js';
import { WeighingHistoryReader } from './weighing-history.reader.js';

const placeInHistory = z.object({ position: z.string().regex(/^\d{1,18}$/) });

/** What was weighed in a municipality. */
@ApiTags('collection')
@Controller('weighings')
export class WeighingHistoryController {
  constructor(private readonly history: WeighingHistoryReader) {}

  /** Every weighing with all that was recorded of it, the newest first. */
  @Get()
  @Allow('operator', 'clerk')
  @ApiOkResponse({ type: WeighingPage })
  async list(
    @CurrentAccount() { municipalityId }: Account,
    @Query() { cursor, limit, pointId, material }: WeighingQuery,
  ): Promise<Page<WeighingDto>> {
    const before = decodeCursor(cursor, placeInHistory)?.position;
    const weighings = await this.history.list(municipalityId, { pointId, material }, before, limit + 1);
    return pageOf(weighings, limit, ({ position }) => ({ position }));
  }

  /** The last weighings of the whole municipality, without whose they are. */
  @Get('recent')
  @Allow(...ROLES)
  @ApiOkResponse({ type: RecentWeighingsDto })
  async recent(
    @CurrentAccount() { municipalityId }: Account,
    @Query() { limit }: RecentWeighingsQuery,
  ): Promise<RecentWeighingsDto> {
    return { items: await this.history.recent(municipalityId, limit) };
  }
}
