import { DomainError } from '#kernel';

/** The municipality has no such household. Whether another one has it is not for the caller to learn. */
export class HouseholdNotFound extends DomainError {
  readonly code = 'household-not-found';

  constructor(householdId: string) {
    super(`There is no household ${householdId}`, { householdId });
  }
}
