import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentAccount, type Account } from '#identity';
import { StockGrowthDto, StockGrowthQuery, StocksDto } from './stock-level.dto.js';
import { StockLevelReader } from './stock-level.reader.js';

/** What recyclers can have: all that was weighed, by point and material. */
@ApiTags('stocks')
@Controller('stocks')
@Allow('operator', 'clerk', 'recycler')
export class StockLevelController {
  constructor(private readonly stocks: StockLevelReader) {}

  /** The stock of every material at every point. */
  @Get()
  @ApiQuery({ name: 'after', required: false, type: String })
  @ApiOkResponse({ type: StocksDto })
  async levels(@CurrentAccount() { municipalityId }: Account): Promise<StocksDto> {
    const position = await this.stocks.position();
    return { position, items: await this.stocks.levels(municipalityId) };
  }

  /** What came of each material on each of the last days. */
  @Get('growth')
  @ApiOkResponse({ type: StockGrowthDto })
  growth(
    @CurrentAccount() { municipalityId }: Account,
    @Query() { days, pointId }: StockGrowthQuery,
  ): Promise<StockGrowthDto> {
    return this.stocks.growth(municipalityId, days, pointId);
  }
}
