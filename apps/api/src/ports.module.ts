import { Global, Module } from '@nestjs/common';
import {
  CollectionApiModule,
  CollectionPointsReader,
  PointScales,
  RewardConditions,
  ScaleSequencesReader,
} from '#collection';
import { HouseholdCredits, HouseholdDirectoryReader, HouseholdsApiModule } from '#households';
import { CreditBalanceReader, HouseholdDirectory, RewardsApiModule, SchemeReader } from '#rewards';
import { CollectionPoints, ScaleRegisterReader, ScalesApiModule, ScaleSequences } from '#scales';

const BINDINGS = [
  { provide: RewardConditions, useExisting: SchemeReader },
  { provide: CollectionPoints, useExisting: CollectionPointsReader },
  { provide: PointScales, useExisting: ScaleRegisterReader },
  { provide: ScaleSequences, useExisting: ScaleSequencesReader },
  { provide: HouseholdCredits, useExisting: CreditBalanceReader },
  { provide: HouseholdDirectory, useExisting: HouseholdDirectoryReader },
];

/** What the routes of one context ask of another, answered here: contexts know nobody but themselves. */
@Global()
@Module({
  imports: [CollectionApiModule, ScalesApiModule, HouseholdsApiModule, RewardsApiModule],
  providers: BINDINGS,
  exports: BINDINGS.map(({ provide }) => provide),
})
export class PortsModule {}
