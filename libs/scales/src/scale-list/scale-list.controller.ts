import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CurrentAccount, type Account } from '#identity';
import { decodeCursor, ListQuery, pageOf, type Page } from '#platform';
import { ScaleRegisterReader, type RegisteredScale } from '../scale-register/scale-register.reader.js';
import { ScalePage, type ScaleDto } from './scale-list.dto.js';
import { ScaleSequences, type ScaleSequence } from './scale-sequences.js';

const placeInList = z.object({ scaleId: z.string() });

/** Which scales a municipality has, and how each of them is doing. */
@ApiTags('scales')
@Controller('scales')
export class ScaleListController {
  constructor(
    private readonly register: ScaleRegisterReader,
    private readonly sequences: ScaleSequences,
  ) {}

  /** Scales by rising id, with what was acknowledged, what is missing, and whether they are there. */
  @Get()
  @Allow('operator', 'clerk')
  @ApiOkResponse({ type: ScalePage })
  async list(@CurrentAccount() account: Account, @Query() { cursor, limit }: ListQuery): Promise<Page<ScaleDto>> {
    const { municipalityId } = account;
    const after = decodeCursor(cursor, placeInList)?.scaleId ?? '';
    const scales = await this.register.ofMunicipality(municipalityId, after, limit + 1);
    const { items, nextCursor } = pageOf(scales, limit, ({ scaleId }) => ({ scaleId }));
    const heard = await this.sequences.find(
      municipalityId,
      items.map(({ scaleId }) => scaleId),
    );
    const sequenceOf = new Map(heard.map((sequence) => [sequence.scaleId, sequence]));
    return { items: items.map((scale) => shown(scale, sequenceOf.get(scale.scaleId))), nextCursor };
  }
}

function shown({ scaleId, pointId, trust, verifiedUntil }: RegisteredScale, heard?: ScaleSequence): ScaleDto {
  const { ackedSeq = null, missing = [], lastSeenAt = null, status = 'unknown' } = heard ?? {};
  return { scaleId, pointId, trust: trust.kind, verifiedUntil, ackedSeq, missing, lastSeenAt, status };
}
