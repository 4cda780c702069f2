import { Module } from '@nestjs/common';
import { type Projection } from '#subscriptions';
import { CardRegisterProjection } from './card-register/card-register.projection.js';
import { CardRegisterReader } from './card-register/card-register.reader.js';
import { HouseholdListController } from './household-list/household-list.controller.js';
import { HouseholdListReader } from './household-list/household-list.reader.js';
import { HouseholdNames } from './household-names/household-names.js';
import { HouseholdDirectoryReader } from './household-register/household-directory.reader.js';
import { HouseholdRegisterProjection } from './household-register/household-register.projection.js';
import { IssueCardController } from './issue-card/issue-card.controller.js';
import { IssueCardHandler } from './issue-card/issue-card.handler.js';
import { RegisterHouseholdController } from './register-household/register-household.controller.js';
import { RegisterHouseholdHandler } from './register-household/register-household.handler.js';

/**
 * Commands and queries about households. The process that composes it provides, for everyone, the port
 * `HouseholdCredits`, and what the platform gives: DataSource, Streams, InstallationKeys and the command bus.
 */
@Module({
  controllers: [RegisterHouseholdController, IssueCardController, HouseholdListController],
  providers: [
    RegisterHouseholdHandler,
    IssueCardHandler,
    HouseholdListReader,
    HouseholdNames,
    HouseholdDirectoryReader,
    CardRegisterReader,
  ],
  exports: [CardRegisterReader, HouseholdDirectoryReader],
})
export class HouseholdsApiModule {}

/** The folds of the log that this context reads. */
export function householdsProjections(): readonly Projection[] {
  return [new HouseholdRegisterProjection(), new CardRegisterProjection()];
}
