export { householdsAggregates } from './aggregates.js';
export { CardRegisterReader, type CardName, type RegisteredCard } from './card-register/card-register.reader.js';
export { householdsEventTypes } from './event-types.js';
export { HouseholdCredits, type EarnedCredits } from './household-list/household-credits.js';
export { HouseholdDirectoryReader } from './household-register/household-directory.reader.js';
export { HouseholdsApiModule, householdsProjections } from './households.module.js';
export { IssueCardCommand } from './issue-card/issue-card.command.js';
export { IssueCardHandler } from './issue-card/issue-card.handler.js';
export { householdsMigrations, householdsReadModelMigrations } from './migrations/index.js';
export {
  RegisterHouseholdCommand,
  type HouseholdParticulars,
} from './register-household/register-household.command.js';
export { RegisterHouseholdHandler } from './register-household/register-household.handler.js';
