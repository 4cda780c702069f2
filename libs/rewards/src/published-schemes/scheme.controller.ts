import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentAccount, ROLES, type Account } from '#identity';
import { Clock } from '#kernel';
import { SchemeNotFound } from '../scheme/scheme.errors.js';
import { SchemeDto } from './scheme.dto.js';
import { SchemeReader } from './scheme.reader.js';

@ApiTags('rewards')
@Controller('scheme')
export class SchemeController {
  constructor(
    private readonly schemes: SchemeReader,
    private readonly clock: Clock,
  ) {}

  /** The municipality's reward scheme as it is in force now. */
  @Get()
  @Allow(...ROLES)
  @ApiQuery({ name: 'after', required: false, type: String })
  @ApiOkResponse({ type: SchemeDto })
  async inForce(@CurrentAccount() { municipalityId }: Account): Promise<SchemeDto> {
    const tariff = await this.schemes.inForceAt(municipalityId, this.clock.nowMs());
    if (!tariff) throw new SchemeNotFound();
    return SchemeDto.of(tariff);
  }
}
