/** A card as events name it: by keyed hash, within a municipality. */
export interface CardName {
  readonly municipalityId: string;
  readonly cardHash: string;
}

export interface RegisteredCard extends CardName {
  readonly householdId: string;
}

/** Whose card it is. A port: households belong to another context, and whoever composes the process binds it. */
export abstract class CardRegister {
  /** Those of the named cards that stand for a household, in any order. One query, however many are asked for. */
  abstract find(cards: readonly CardName[]): Promise<readonly RegisteredCard[]>;
}
