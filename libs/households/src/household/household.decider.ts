import { InvalidFields, sameContent, type Decider, type FieldFault } from '#kernel';
import { type HouseholdRegistered } from '../events/household.events.js';
import { HouseholdAlreadyRegistered } from './household.errors.js';

/** Far above any family; a mistyped number must not become one. */
export const PERSONS_MAX = 99;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type HouseholdKind = HouseholdRegistered['data']['kind'];

export interface RegisterHousehold {
  readonly type: 'RegisterHousehold';
  readonly municipalityId: string;
  /** Made by whoever registers: repeating the command with the same id registers the household once. */
  readonly householdId: string;
  readonly kind: HouseholdKind;
  /** 1 or more in a home, 0 in a shop. */
  readonly persons: number;
}

export type Household =
  | { readonly status: 'unregistered' }
  | { readonly status: 'registered'; readonly particulars: HouseholdRegistered['data'] };

/** A home or shop that brings waste. It is an id here; names and people are not its history. */
export const householdDecider: Decider<Household, RegisterHousehold, HouseholdRegistered> = {
  initialState: { status: 'unregistered' },

  decide({ municipalityId, householdId, kind, persons }, household) {
    const faults = faultsOf(householdId, kind, persons);
    if (faults.length > 0) throw new InvalidFields(faults);

    const particulars = { municipalityId, householdId, kind, persons };
    if (household.status === 'unregistered') return [{ type: 'HouseholdRegistered', data: particulars }];
    if (!sameContent(household.particulars, particulars)) throw new HouseholdAlreadyRegistered(householdId);
    return [];
  },

  evolve(_, { data }) {
    return { status: 'registered', particulars: data };
  },
};

function faultsOf(householdId: string, kind: HouseholdKind, persons: number): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  if (!UUID.test(householdId)) faults.push({ field: 'householdId', code: 'not-a-uuid' });
  if (kind === 'shop' && persons !== 0) faults.push({ field: 'persons', code: 'persons-in-a-shop' });
  if (kind === 'home' && !(Number.isInteger(persons) && persons >= 1 && persons <= PERSONS_MAX)) {
    faults.push({ field: 'persons', code: 'not-between', values: { min: 1, max: PERSONS_MAX } });
  }
  return faults;
}
