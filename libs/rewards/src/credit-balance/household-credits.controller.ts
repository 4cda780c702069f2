import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, assertOwnHousehold, CurrentAccount, type Account } from '#identity';
import { decodeCursor, ListQuery, pageOf, type Page } from '#platform';
import { CreditBalanceReader } from './credit-balance.reader.js';
import { CreditJournalReader } from './credit-journal.reader.js';
import {
  BalanceDto,
  HouseholdGrowthDto,
  HouseholdGrowthQuery,
  HouseholdParams,
  HouseholdWeighingDto,
  HouseholdWeighingPage,
} from './household-credits.dto.js';
import { HouseholdDirectory, type HouseholdEntry } from './household-directory.js';
import { HouseholdNotFound } from './household.errors.js';

const placeInJournal = z.object({ weighedAt: z.iso.datetime(), position: z.string().regex(/^\d{1,19}$/) });

/** What a household earned, with every weighing that it comes from. A household sees only its own. */
@ApiTags('rewards')
@Controller('households/:householdId')
@Allow('clerk', 'household')
export class HouseholdCreditsController {
  constructor(
    private readonly households: HouseholdDirectory,
    private readonly balances: CreditBalanceReader,
    private readonly journal: CreditJournalReader,
  ) {}

  /** This year's credits and what they take off the fee. */
  @Get('balance')
  @ApiQuery({ name: 'after', required: false, type: String })
  @ApiOkResponse({ type: BalanceDto })
  async balance(@CurrentAccount() account: Account, @Param() { householdId }: HouseholdParams): Promise<BalanceDto> {
    const { name } = await this.visibleTo(account, householdId);
    return BalanceDto.of({ householdId, name }, await this.balances.balanceOf(account.municipalityId, householdId));
  }

  /** Every weighing of the household with what it earned and why, the latest first. */
  @Get('weighings')
  @ApiOkResponse({ type: HouseholdWeighingPage })
  async weighings(
    @CurrentAccount() account: Account,
    @Param() { householdId }: HouseholdParams,
    @Query() { cursor, limit }: ListQuery,
  ): Promise<Page<HouseholdWeighingDto>> {
    const before = decodeCursor(cursor, placeInJournal);
    await this.visibleTo(account, householdId);
    const weighings = await this.journal.weighingsOf(account.municipalityId, householdId, before, limit + 1);
    const { items, nextCursor } = pageOf(weighings, limit, ({ weighedAt, position }) => ({ weighedAt, position }));
    return { items: items.map((weighing) => HouseholdWeighingDto.of(weighing)), nextCursor };
  }

  /** Credits earned on each of the last days. */
  @Get('growth')
  @ApiOkResponse({ type: HouseholdGrowthDto })
  async growth(
    @CurrentAccount() account: Account,
    @Param() { householdId }: HouseholdParams,
    @Query() { days }: HouseholdGrowthQuery,
  ): Promise<HouseholdGrowthDto> {
    await this.visibleTo(account, householdId);
    const earned = await this.journal.earnedByDay(account.municipalityId, householdId, days);
    return { days: earned.map(({ day }) => day), microCredits: earned.map(({ microCredits }) => microCredits) };
  }

  /** @throws HouseholdNotFound */
  private async visibleTo(account: Account, householdId: string): Promise<HouseholdEntry> {
    assertOwnHousehold(account, householdId);
    const household = await this.households.find(account.municipalityId, householdId);
    if (!household) throw new HouseholdNotFound(householdId);
    return household;
  }
}
