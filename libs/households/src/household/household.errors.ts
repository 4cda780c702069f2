import { DomainError } from '#kernel';

/** The id belongs to a household that was registered otherwise. */
export class HouseholdAlreadyRegistered extends DomainError {
  readonly code = 'household-already-registered';

  constructor(householdId: string) {
    super(`Household ${householdId} is registered otherwise`, { householdId });
  }
}

/** The municipality has no such household. Whether another one has it is not for the caller to learn. */
export class HouseholdNotFound extends DomainError {
  readonly code = 'household-not-found';

  constructor(householdId: string) {
    super(`There is no household ${householdId}`, { householdId });
  }
}
