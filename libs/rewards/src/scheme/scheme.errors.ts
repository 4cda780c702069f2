import { DomainError } from '#kernel';

/** Somebody published in the meantime, or a version was left out. Nothing is overwritten: read it, then decide anew. */
export class SchemeVersionConflict extends DomainError {
  readonly code = 'scheme-version-conflict';

  constructor(offered: number, next: number) {
    super(`Version ${offered} cannot be published; the next one is ${next}`, { offered, next });
  }
}

/** A municipality has one scheme, whose versions follow each other; this one has another id. */
export class AnotherSchemeInForce extends DomainError {
  readonly code = 'another-scheme-in-force';

  constructor(offered: string, schemeId: string) {
    super(`The municipality's scheme is ${schemeId}, not ${offered}`, { offered, schemeId });
  }
}

/** No scheme can be published for, or read of, a municipality that nobody established. */
export class MunicipalityNotEstablished extends DomainError {
  readonly code = 'municipality-not-found';

  constructor(municipalityId: string) {
    super(`There is no municipality ${municipalityId}`, { municipalityId });
  }
}

/** No version of a reward scheme is in force yet. */
export class SchemeNotFound extends DomainError {
  readonly code = 'scheme-not-found';

  constructor() {
    super('No reward scheme is in force');
  }
}
