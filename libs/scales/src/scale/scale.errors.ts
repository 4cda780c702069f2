import { DomainError } from '#kernel';

/** The id belongs to a scale that was registered with other particulars; an id never changes its instrument. */
export class ScaleAlreadyRegistered extends DomainError {
  readonly code = 'scale-already-registered';

  constructor(scaleId: string) {
    super(`Scale ${scaleId} is registered with other particulars`, { scaleId });
  }
}

/** A scale stands at a collection point that the municipality has opened. */
export class PointNotOpen extends DomainError {
  readonly code = 'point-not-open';

  constructor(pointId: string) {
    super(`The municipality has opened no collection point ${pointId}`, { pointId });
  }
}
