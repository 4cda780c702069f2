import { type Decider } from '#kernel';
import { type CardIssued } from '../events/household.events.js';
import { type Household } from '../household/household.decider.js';
import { HouseholdNotFound } from '../household/household.errors.js';
import { CardAlreadyIssued } from './card.errors.js';

export interface IssueCard {
  readonly type: 'IssueCard';
  readonly municipalityId: string;
  readonly householdId: string;
  /** Keyed hash of the card's token. */
  readonly cardHash: string;
  /** The household as it stands, read just before. */
  readonly household: Household;
}

export type Card =
  | { readonly status: 'unissued' }
  | { readonly status: 'issued'; readonly municipalityId: string; readonly householdId: string };

/** A card has a stream of its own, so that of two households that claim it at once only one can win. */
export const cardDecider: Decider<Card, IssueCard, CardIssued> = {
  initialState: { status: 'unissued' },

  decide({ municipalityId, householdId, cardHash, household }, card) {
    if (household.status === 'unregistered' || household.particulars.municipalityId !== municipalityId) {
      throw new HouseholdNotFound(householdId);
    }
    if (card.status === 'unissued') return [{ type: 'CardIssued', data: { municipalityId, householdId, cardHash } }];
    if (card.householdId !== householdId) throw new CardAlreadyIssued();
    return [];
  },

  evolve(_, { data: { municipalityId, householdId } }) {
    return { status: 'issued', municipalityId, householdId };
  },
};
