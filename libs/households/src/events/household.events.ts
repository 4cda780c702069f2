/** A household or shop joins. It is an id; its people and their names live in tables that can be erased. */
export interface HouseholdRegistered {
  readonly type: 'HouseholdRegistered';
  readonly data: {
    readonly municipalityId: string;
    readonly householdId: string;
    readonly kind: 'home' | 'shop';
    /** Number of persons; 0 for a shop. */
    readonly persons: number;
  };
}

/** A card or other token now stands for a household. Only its keyed hash is remembered. */
export interface CardIssued {
  readonly type: 'CardIssued';
  readonly data: {
    readonly municipalityId: string;
    readonly householdId: string;
    readonly cardHash: string;
  };
}

export type HouseholdEvent = HouseholdRegistered | CardIssued;
