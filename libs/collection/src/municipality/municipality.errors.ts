import { DomainError } from '#kernel';

/** The id belongs to a municipality that was established otherwise. */
export class MunicipalityAlreadyEstablished extends DomainError {
  readonly code = 'municipality-already-established';

  constructor(municipalityId: string) {
    super(`Municipality ${municipalityId} is established otherwise`, { municipalityId });
  }
}

/** The installation serves no such municipality. */
export class MunicipalityNotFound extends DomainError {
  readonly code = 'municipality-not-found';

  constructor(municipalityId: string) {
    super(`There is no municipality ${municipalityId}`, { municipalityId });
  }
}

/** The municipality lists this material with another name, look or waste code. */
export class MaterialAlreadyListed extends DomainError {
  readonly code = 'material-already-listed';

  constructor(material: string) {
    super(`Material ${material} is listed otherwise`, { material });
  }
}

/** A collection point can take only what its municipality collects. */
export class MaterialNotListed extends DomainError {
  readonly code = 'material-not-listed';

  constructor(materials: readonly string[]) {
    super(`The municipality does not collect ${materials.join(', ')}`, { materials: materials.join(', ') });
  }
}

/** The id belongs to a collection point that was opened with another name or for other materials. */
export class PointAlreadyOpen extends DomainError {
  readonly code = 'point-already-open';

  constructor(pointId: string) {
    super(`Collection point ${pointId} is open otherwise`, { pointId });
  }
}

/** Lists of materials and points are shown whole; a municipality that needs more needs another interface first. */
export class MunicipalityFull extends DomainError {
  readonly code = 'municipality-full';

  constructor(what: 'materials' | 'points', max: number) {
    super(`A municipality has at most ${max} ${what}`, { what, max });
  }
}
