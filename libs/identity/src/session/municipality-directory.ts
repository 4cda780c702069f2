/** What a signed-in person's screen needs to know about its municipality. */
export interface MunicipalityProfile {
  readonly municipalityId: string;
  readonly name: { readonly ar: string; readonly en: string };
  /** IANA name. */
  readonly timeZone: string;
  readonly currency: { readonly code: string; readonly decimals: number };
}

/** Where identity learns about municipalities; the process binds it to whoever keeps them. */
export abstract class MunicipalityDirectory {
  /** Null where no such municipality is known (yet). */
  abstract find(municipalityId: string): Promise<MunicipalityProfile | null>;
}
