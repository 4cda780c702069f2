/** A scale and where it stands. */
export interface PointScale {
  readonly scaleId: string;
  readonly pointId: string;
}

/** Which scales stand where. A port: scales belong to another context, and whoever composes the process binds it. */
export abstract class PointScales {
  /** A page of a municipality's scales by rising id, beginning after `afterScaleId` (`''` for the first page). */
  abstract ofMunicipality(municipalityId: string, afterScaleId: string, max: number): Promise<readonly PointScale[]>;
}
