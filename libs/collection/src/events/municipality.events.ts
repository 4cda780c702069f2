/** The same text in each language of the product. */
export interface LocalText {
  readonly ar: string;
  readonly en: string;
}

/** A municipality joins the installation. Its time zone decides days and periods, its currency the minor unit. */
export interface MunicipalityEstablished {
  readonly type: 'MunicipalityEstablished';
  readonly data: {
    readonly municipalityId: string;
    readonly name: LocalText;
    /** IANA name. */
    readonly timeZone: string;
    readonly currency: { readonly code: string; readonly decimals: number };
  };
}

/** A material that the municipality collects. Colour and pictogram are those of the bins that people know. */
export interface MaterialListed {
  readonly type: 'MaterialListed';
  readonly data: {
    readonly municipalityId: string;
    readonly material: string;
    readonly name: LocalText;
    /** CSS hex colour. */
    readonly colour: string;
    /** Name of a pictogram in the web application. */
    readonly pictogram: string;
    /** European List of Waste code (Decision 2000/532/EC), for example `20 01 39`. */
    readonly wasteCode: string;
  };
}

/** A place where households bring sorted waste. */
export interface CollectionPointOpened {
  readonly type: 'CollectionPointOpened';
  readonly data: {
    readonly municipalityId: string;
    readonly pointId: string;
    readonly name: LocalText;
    readonly materials: readonly string[];
  };
}

export type MunicipalityEvent = MunicipalityEstablished | MaterialListed | CollectionPointOpened;
