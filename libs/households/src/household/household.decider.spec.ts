import { describe, it } from '@jest/globals';
import { InvalidFields } from '#kernel';
import { specificationOf } from '#kernel/testing';
import { type HouseholdRegistered } from '../events/household.events.js';
import { householdDecider, type RegisterHousehold } from './household.decider.js';
import { HouseholdAlreadyRegistered } from './household.errors.js';

const particulars = {
  municipalityId: 'beitillu',
  householdId: '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f',
  kind: 'home',
  persons: 5,
} as const;

const household = specificationOf(householdDecider);

function registering(changes: Partial<RegisterHousehold> = {}): RegisterHousehold {
  return { type: 'RegisterHousehold', ...particulars, ...changes };
}

function registered(changes: Partial<HouseholdRegistered['data']> = {}): HouseholdRegistered {
  return { type: 'HouseholdRegistered', data: { ...particulars, ...changes } };
}

describe('registering a household', () => {
  it('remembers a home and how many live there', () => {
    household.given().when(registering()).then(registered());
  });

  it('remembers a shop, in which nobody lives', () => {
    household
      .given()
      .when(registering({ kind: 'shop', persons: 0 }))
      .then(registered({ kind: 'shop', persons: 0 }));
  });

  it('changes nothing the second time', () => {
    household.given(registered()).when(registering()).thenNothing();
  });

  it.each<Partial<RegisterHousehold>>([{ persons: 6 }, { kind: 'shop', persons: 0 }, { municipalityId: 'elsewhere' }])(
    'is refused for an id that stands for another household: %j',
    (changes) => {
      household.given(registered()).when(registering(changes)).thenRefused(HouseholdAlreadyRegistered);
    },
  );

  it.each<Partial<RegisterHousehold>>([
    { persons: 0 },
    { persons: 100 },
    { persons: 2.5 },
    { kind: 'shop', persons: 1 },
    { householdId: '17' },
    { householdId: '01931D5E-7C1A-7CC3-9D6E-3A5B1C2D4E5F' },
  ])('is refused for what cannot be: %j', (changes) => {
    household.given().when(registering(changes)).thenRefused(InvalidFields);
  });
});
