import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, CurrentAccount, type Account } from '#identity';
import { decodeCursor, pageOf, type Page } from '#platform';
import { HouseholdCredits, type EarnedCredits } from './household-credits.js';
import { HouseholdListQuery, HouseholdPage, type HouseholdDto } from './household-list.dto.js';
import { HouseholdListReader, type ListedHousehold } from './household-list.reader.js';

const placeInList = z.object({ householdId: z.uuid() });

/** Which households a municipality has, and what each of them has earned. */
@ApiTags('households')
@Controller('households')
export class HouseholdListController {
  constructor(
    private readonly households: HouseholdListReader,
    private readonly credits: HouseholdCredits,
  ) {}

  /** Households by name, or the newest first. */
  @Get()
  @Allow('clerk')
  @ApiOkResponse({ type: HouseholdPage })
  async list(
    @CurrentAccount() { municipalityId }: Account,
    @Query() { search, order, cursor, limit }: HouseholdListQuery,
  ): Promise<Page<HouseholdDto>> {
    const after = decodeCursor(cursor, placeInList)?.householdId;
    const found = await this.households.page(municipalityId, { search, order, after, max: limit + 1 });
    const { items, nextCursor } = pageOf(found, limit, ({ householdId }) => ({ householdId }));
    const earned = await this.credits.of(
      municipalityId,
      items.map(({ householdId }) => householdId),
    );
    const creditsOf = new Map(earned.map((credits) => [credits.householdId, credits]));
    return { items: items.map((household) => shown(household, creditsOf.get(household.householdId))), nextCursor };
  }
}

function shown(household: ListedHousehold, earned?: EarnedCredits): HouseholdDto {
  const { microCredits = 0n, reductionMinor = 0n, weighings = 0, lastWeighedAt = null } = earned ?? {};
  return {
    ...household,
    microCredits: microCredits.toString(),
    reductionMinor: reductionMinor.toString(),
    weighings,
    lastWeighedAt,
  };
}
