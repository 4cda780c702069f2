/** A public key as JSON Web Key (RFC 7517): OKP/Ed25519 or EC/P-256. */
export interface PublicJwk {
  readonly kty: 'OKP' | 'EC';
  readonly crv: 'Ed25519' | 'P-256';
  readonly x: string;
  readonly y?: string;
}

/** An instrument joins the register. Signed scales have a key; unsigned ones are for trials. */
export interface ScaleRegistered {
  readonly type: 'ScaleRegistered';
  readonly data: {
    readonly municipalityId: string;
    readonly scaleId: string;
    readonly pointId: string;
    readonly trust:
      { readonly kind: 'signed'; readonly kid: string; readonly key: PublicJwk } | { readonly kind: 'unsigned' };
    /** Max and Min of the instrument (OIML R 76-1). */
    readonly capacityGrams: number;
    readonly minimumGrams: number;
    /** Verification interval e. */
    readonly intervalGrams: number;
    /** Until when its metrological verification holds, ISO 8601 UTC. */
    readonly verifiedUntil: string;
    /** The first sequence number it will send; null for a trial scale whose count is taken from its first report. */
    readonly firstSeq: number | null;
  };
}

export type ScaleEvent = ScaleRegistered;
