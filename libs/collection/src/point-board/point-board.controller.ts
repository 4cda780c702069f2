import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentAccount, ROLES, type Account } from '#identity';
import { PointsDto } from './point-board.dto.js';
import { PointBoardReader } from './point-board.reader.js';

@ApiTags('collection')
@Controller('points')
export class PointBoardController {
  constructor(private readonly board: PointBoardReader) {}

  /** The collection points: what each takes, what it weighed today, and whether its scales are there. */
  @Get()
  @Allow(...ROLES)
  @ApiQuery({ name: 'after', required: false, type: String })
  @ApiOkResponse({ type: PointsDto })
  read(@CurrentAccount() { municipalityId }: Account): Promise<PointsDto> {
    return this.board.read(municipalityId);
  }
}
