import { DomainError } from '#kernel';

/** Something was weighed in a municipality that nobody established. */
export class MunicipalityNotEstablished extends DomainError {
  readonly code = 'municipality-not-found';

  constructor(municipalityId: string) {
    super(`There is no municipality ${municipalityId}`, { municipalityId });
  }
}
