export { rewardsAggregates } from './aggregates.js';
export { CreditBalanceReader, type HouseholdCredits } from './credit-balance/credit-balance.reader.js';
export { HouseholdDirectory, type HouseholdEntry } from './credit-balance/household-directory.js';
export { rewardsEventTypes } from './event-types.js';
export { rewardsReadModelMigrations } from './migrations/index.js';
export { PublishSchemeCommand } from './publish-scheme/publish-scheme.command.js';
export { PublishSchemeHandler } from './publish-scheme/publish-scheme.handler.js';
export { SchemeReader, type RewardCondition } from './published-schemes/scheme.reader.js';
export { RewardsApiModule, rewardsProjections } from './rewards.module.js';
