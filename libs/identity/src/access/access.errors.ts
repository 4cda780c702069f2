import { DomainError } from '#kernel';

/** Nobody is signed in, or the session is over. */
export class NotSignedIn extends DomainError {
  readonly code = 'not-signed-in';

  constructor() {
    super('Sign in first');
  }
}

/** The route is for other roles, or for none. */
export class NotAllowed extends DomainError {
  readonly code = 'not-allowed';

  constructor() {
    super('This account may not do that');
  }
}

/** Not there, or not to be seen by this account, which must not learn the difference. */
export class HouseholdNotFound extends DomainError {
  readonly code = 'household-not-found';

  constructor(householdId: string) {
    super(`There is no household ${householdId}`, { householdId });
  }
}
