import { assertNever, InvalidFields, sameContent, type Currency, type Decider, type FieldFault } from '#kernel';
import {
  type CollectionPointOpened,
  type LocalText,
  type MaterialListed,
  type MunicipalityEstablished,
  type MunicipalityEvent,
} from '../events/municipality.events.js';
import {
  MaterialAlreadyListed,
  MaterialNotListed,
  MunicipalityAlreadyEstablished,
  MunicipalityFull,
  MunicipalityNotFound,
  PointAlreadyOpen,
} from './municipality.errors.js';

export const MATERIALS_MAX = 200;
export const POINTS_MAX = 1_000;
const NAME_LENGTH_MAX = 100;
/** ISO 4217 knows currencies with up to four. */
const CURRENCY_DECIMALS_MAX = 4;

/** Ids are chosen by people and stand in addresses, topics and stream names. */
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
const CURRENCY_CODE = /^[A-Z]{3}$/;
const COLOUR = /^#[0-9a-f]{6}$/;
/** Six digits of the European List of Waste; a star marks a hazardous one. */
const WASTE_CODE = /^\d{2} \d{2} \d{2}\*?$/;

export interface EstablishMunicipality {
  readonly type: 'EstablishMunicipality';
  readonly municipalityId: string;
  readonly name: LocalText;
  /** IANA name: days and periods of the municipality begin and end in it. */
  readonly timeZone: string;
  readonly currency: Currency;
}

export interface ListMaterial {
  readonly type: 'ListMaterial';
  readonly municipalityId: string;
  readonly material: string;
  readonly name: LocalText;
  /** `#rrggbb`. */
  readonly colour: string;
  /** Name of a pictogram in the web application. */
  readonly pictogram: string;
  /** European List of Waste, for example `20 01 39`. */
  readonly wasteCode: string;
}

export interface OpenCollectionPoint {
  readonly type: 'OpenCollectionPoint';
  readonly municipalityId: string;
  readonly pointId: string;
  readonly name: LocalText;
  /** What can be brought there, each listed before. */
  readonly materials: readonly string[];
}

export type MunicipalityCommand = EstablishMunicipality | ListMaterial | OpenCollectionPoint;

export interface EstablishedMunicipality {
  readonly status: 'established';
  readonly particulars: MunicipalityEstablished['data'];
  readonly materials: ReadonlyMap<string, MaterialListed['data']>;
  readonly points: ReadonlyMap<string, CollectionPointOpened['data']>;
}

export type Municipality = { readonly status: 'unknown' } | EstablishedMunicipality;

/** What a municipality collects, and where. Saying the same again changes nothing; saying otherwise is refused. */
export const municipalityDecider: Decider<Municipality, MunicipalityCommand, MunicipalityEvent> = {
  initialState: { status: 'unknown' },

  decide(command, municipality) {
    refuseFaults(command);
    switch (command.type) {
      case 'EstablishMunicipality':
        return establish(command, municipality);
      case 'ListMaterial':
        return list(command, established(command, municipality));
      case 'OpenCollectionPoint':
        return open(command, established(command, municipality));
      default:
        return assertNever(command);
    }
  },

  evolve(municipality, event) {
    if (event.type === 'MunicipalityEstablished') {
      return { status: 'established', particulars: event.data, materials: new Map(), points: new Map() };
    }
    if (municipality.status === 'unknown') throw new Error(`${event.type} before MunicipalityEstablished`);
    switch (event.type) {
      case 'MaterialListed':
        return { ...municipality, materials: new Map(municipality.materials).set(event.data.material, event.data) };
      case 'CollectionPointOpened':
        return { ...municipality, points: new Map(municipality.points).set(event.data.pointId, event.data) };
      default:
        return assertNever(event);
    }
  },
};

function established(command: MunicipalityCommand, municipality: Municipality): EstablishedMunicipality {
  if (municipality.status === 'unknown') throw new MunicipalityNotFound(command.municipalityId);
  return municipality;
}

function establish(command: EstablishMunicipality, municipality: Municipality): readonly MunicipalityEstablished[] {
  const { municipalityId, name, timeZone, currency } = command;
  const data = {
    municipalityId,
    name: textOf(name),
    timeZone,
    currency: { code: currency.code, decimals: currency.decimals },
  };
  if (municipality.status === 'unknown') return [{ type: 'MunicipalityEstablished', data }];
  if (!sameContent(municipality.particulars, data)) throw new MunicipalityAlreadyEstablished(municipalityId);
  return [];
}

function list(command: ListMaterial, { materials }: EstablishedMunicipality): readonly MaterialListed[] {
  const { municipalityId, material, name, colour, pictogram, wasteCode } = command;
  const data = { municipalityId, material, name: textOf(name), colour, pictogram, wasteCode };
  const known = materials.get(material);
  if (known === undefined) {
    if (materials.size >= MATERIALS_MAX) throw new MunicipalityFull('materials', MATERIALS_MAX);
    return [{ type: 'MaterialListed', data }];
  }
  if (!sameContent(known, data)) throw new MaterialAlreadyListed(material);
  return [];
}

function open(command: OpenCollectionPoint, municipality: EstablishedMunicipality): readonly CollectionPointOpened[] {
  const { municipalityId, pointId, name, materials } = command;
  const unlisted = materials.filter((material) => !municipality.materials.has(material));
  if (unlisted.length > 0) throw new MaterialNotListed(unlisted);

  const data = { municipalityId, pointId, name: textOf(name), materials: [...materials] };
  const known = municipality.points.get(pointId);
  if (known === undefined) {
    if (municipality.points.size >= POINTS_MAX) throw new MunicipalityFull('points', POINTS_MAX);
    return [{ type: 'CollectionPointOpened', data }];
  }
  if (!sameContent(known, data)) throw new PointAlreadyOpen(pointId);
  return [];
}

function textOf({ ar, en }: LocalText): LocalText {
  return { ar, en };
}

function refuseFaults(command: MunicipalityCommand): void {
  const faults = [
    ...faultsOfId('municipalityId', command.municipalityId),
    ...faultsOfName(command.name),
    ...faultsOf(command),
  ];
  if (faults.length > 0) throw new InvalidFields(faults);
}

function faultsOf(command: MunicipalityCommand): readonly FieldFault[] {
  switch (command.type) {
    case 'EstablishMunicipality': {
      const { timeZone, currency } = command;
      const decimals = { min: 0, max: CURRENCY_DECIMALS_MAX };
      return [
        ...faultIf(!isTimeZone(timeZone), 'timeZone', 'not-a-time-zone'),
        ...faultIf(!CURRENCY_CODE.test(currency.code), 'currency.code', 'not-a-currency'),
        ...faultIf(!isWithin(currency.decimals, decimals), 'currency.decimals', 'not-between', decimals),
      ];
    }
    case 'ListMaterial':
      return [
        ...faultsOfId('material', command.material),
        ...faultIf(!COLOUR.test(command.colour), 'colour', 'not-a-colour'),
        ...faultsOfId('pictogram', command.pictogram),
        ...faultIf(!WASTE_CODE.test(command.wasteCode), 'wasteCode', 'not-a-waste-code'),
      ];
    case 'OpenCollectionPoint': {
      const { pointId, materials } = command;
      return [
        ...faultsOfId('pointId', pointId),
        ...faultIf(materials.length === 0, 'materials', 'too-few', { min: 1 }),
        ...faultIf(new Set(materials).size < materials.length, 'materials', 'named-twice'),
      ];
    }
    default:
      return assertNever(command);
  }
}

function faultsOfId(field: string, id: string): readonly FieldFault[] {
  return faultIf(!ID.test(id), field, 'not-an-id');
}

function faultsOfName(name: LocalText): readonly FieldFault[] {
  const lengths = { min: 1, max: NAME_LENGTH_MAX };
  return (['ar', 'en'] as const).flatMap((language) =>
    faultIf(!isWithin(name[language].trim().length, lengths), `name.${language}`, 'wrong-length', lengths),
  );
}

function faultIf(
  wrong: boolean,
  field: string,
  code: string,
  values?: Readonly<Record<string, number>>,
): readonly FieldFault[] {
  if (!wrong) return [];
  return [values === undefined ? { field, code } : { field, code, values }];
}

function isWithin(value: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).format(0).length > 0;
  } catch {
    return false;
  }
}
