/** The public key of a scale as JSON Web Key (RFC 7517). */
export interface ScaleKey {
  readonly kty: 'OKP' | 'EC';
  readonly crv: 'Ed25519' | 'P-256';
  readonly x: string;
  readonly y?: string;
}

/** A scale as its register knows it: what is needed to believe a report and to judge it. */
export interface RegisteredScale {
  readonly scaleId: string;
  readonly municipalityId: string;
  readonly pointId: string;
  readonly trust:
    { readonly kind: 'signed'; readonly kid: string; readonly key: ScaleKey } | { readonly kind: 'unsigned' };
  /** Max and Min of the instrument (OIML R 76-1). */
  readonly capacityGrams: number;
  readonly minimumGrams: number;
  /** Verification interval e. */
  readonly intervalGrams: number;
  /** ISO 8601 UTC. */
  readonly verifiedUntil: string;
  /** The first sequence number it sends; null for a trial scale, whose count begins with what is heard first. */
  readonly firstSeq: number | null;
}

/**
 * Which scales there are. A port: the register belongs to another context, and whoever composes the process binds it.
 * Both methods cost one query, however many scales are asked for.
 */
export abstract class ScaleRegister {
  /** Those of the named scales that are registered, in any order. */
  abstract find(scaleIds: readonly string[]): Promise<readonly RegisteredScale[]>;

  /** A page of all scales by rising id, beginning after `afterScaleId` (`''` for the first page). */
  abstract list(afterScaleId: string, max: number): Promise<readonly RegisteredScale[]>;
}
