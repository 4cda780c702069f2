import { Global, Module } from '@nestjs/common';
import {
  CardRegister,
  CollectionApiModule,
  CollectionPointsReader,
  PointScales,
  RewardConditions,
  ScaleRegister,
  ScaleSequencesReader,
} from '#collection';
import { CardRegisterReader, HouseholdCredits, HouseholdDirectoryReader, HouseholdsApiModule } from '#households';
import { CreditBalanceReader, HouseholdDirectory, RewardsApiModule, SchemeReader } from '#rewards';
import { CollectionPoints, ScaleRegisterReader, ScalesApiModule, ScaleSequences } from '#scales';

const BINDINGS = [
  { provide: ScaleRegister, useExisting: ScaleRegisterReader },
  { provide: CardRegister, useExisting: CardRegisterReader },
  { provide: RewardConditions, useExisting: SchemeReader },
  { provide: CollectionPoints, useExisting: CollectionPointsReader },
  { provide: PointScales, useExisting: ScaleRegisterReader },
  { provide: ScaleSequences, useExisting: ScaleSequencesReader },
  { provide: HouseholdCredits, useExisting: CreditBalanceReader },
  { provide: HouseholdDirectory, useExisting: HouseholdDirectoryReader },
];

/** What one context asks of another, answered here: contexts know nobody but themselves. */
@Global()
@Module({
  imports: [CollectionApiModule, ScalesApiModule, HouseholdsApiModule, RewardsApiModule],
  providers: BINDINGS,
  exports: BINDINGS.map(({ provide }) => provide),
})
export class PortsModule {}
