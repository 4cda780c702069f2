import { DomainError } from '#kernel';

/** The same answer whether the login is unknown or the password is wrong. */
export class WrongCredentials extends DomainError {
  readonly code = 'wrong-credentials';

  constructor() {
    super('There is no account with this login and password');
  }
}

export class TooManyAttempts extends DomainError {
  readonly code = 'too-many-attempts';

  constructor(retryAfterSeconds: number) {
    super(`Too many failed attempts to sign in; try again in ${retryAfterSeconds} s`, { retryAfterSeconds });
  }
}

/** The account's municipality is not known (yet): its read model is still being filled. */
export class MunicipalityUnavailable extends DomainError {
  readonly code = 'unavailable';

  constructor(municipalityId: string) {
    super(`The municipality ${municipalityId} is not known yet`, { municipalityId });
  }
}
