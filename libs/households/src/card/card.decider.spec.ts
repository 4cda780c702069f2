import { describe, it } from '@jest/globals';
import { specificationOf } from '#kernel/testing';
import { type CardIssued } from '../events/household.events.js';
import { type Household } from '../household/household.decider.js';
import { HouseholdNotFound } from '../household/household.errors.js';
import { cardDecider, type IssueCard } from './card.decider.js';
import { CardAlreadyIssued } from './card.errors.js';

const HOME = '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e5f';
const NEIGHBOUR = '01931d5e-7c1a-7cc3-9d6e-3a5b1c2d4e60';
const CARD = 'Zm9yIHRlc3RzIG9ubHksIG5vdCBhIHJlYWwgaGFzaCE';

const card = specificationOf(cardDecider);

function household(householdId: string, municipalityId = 'beitillu'): Household {
  return { status: 'registered', particulars: { municipalityId, householdId, kind: 'home', persons: 3 } };
}

function issuing(householdId: string, changes: Partial<IssueCard> = {}): IssueCard {
  return {
    type: 'IssueCard',
    municipalityId: 'beitillu',
    householdId,
    cardHash: CARD,
    household: household(householdId),
    ...changes,
  };
}

function issued(householdId: string): CardIssued {
  return { type: 'CardIssued', data: { municipalityId: 'beitillu', householdId, cardHash: CARD } };
}

describe('issuing a card', () => {
  it('makes it stand for a household', () => {
    card.given().when(issuing(HOME)).then(issued(HOME));
  });

  it('changes nothing the second time', () => {
    card.given(issued(HOME)).when(issuing(HOME)).thenNothing();
  });

  it('is refused for a card that stands for another household', () => {
    card.given(issued(HOME)).when(issuing(NEIGHBOUR)).thenRefused(CardAlreadyIssued);
  });

  it('is refused for a household that nobody registered', () => {
    card
      .given()
      .when(issuing(HOME, { household: { status: 'unregistered' } }))
      .thenRefused(HouseholdNotFound);
  });

  it('is refused for a household of another municipality, as if there were none', () => {
    card
      .given()
      .when(issuing(HOME, { household: household(HOME, 'elsewhere') }))
      .thenRefused(HouseholdNotFound);
  });
});
