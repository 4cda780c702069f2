import { Module } from '@nestjs/common';
import { type Projection } from '#subscriptions';
import { CreditBalanceProjection } from './credit-balance/credit-balance.projection.js';
import { CreditBalanceReader } from './credit-balance/credit-balance.reader.js';
import { CreditJournalReader } from './credit-balance/credit-journal.reader.js';
import { HouseholdCreditsController } from './credit-balance/household-credits.controller.js';
import { PublishedSchemesProjection } from './published-schemes/published-schemes.projection.js';
import { SchemeController } from './published-schemes/scheme.controller.js';
import { SchemeReader } from './published-schemes/scheme.reader.js';
import { PublishSchemeHandler } from './publish-scheme/publish-scheme.handler.js';

/**
 * Commands and queries about rewards. The process that composes it provides, for everyone, the port
 * `HouseholdDirectory`, and what the platform gives: DataSource, Clock, Streams, ReadModelProgress and the command bus.
 */
@Module({
  controllers: [SchemeController, HouseholdCreditsController],
  providers: [PublishSchemeHandler, SchemeReader, CreditBalanceReader, CreditJournalReader],
  exports: [SchemeReader, CreditBalanceReader],
})
export class RewardsApiModule {}

/** The folds of the log that this context reads. */
export function rewardsProjections(): readonly Projection[] {
  return [new PublishedSchemesProjection(), new CreditBalanceProjection()];
}
