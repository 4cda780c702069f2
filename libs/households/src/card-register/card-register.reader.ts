import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Streams } from '#event-store';
import { cardDecider } from '../card/card.decider.js';
import { cardStream } from '../card/card.stream.js';

/** A card by its keyed hash, within the municipality in which it was shown. */
export interface CardName {
  readonly municipalityId: string;
  readonly cardHash: string;
}

export interface RegisteredCard extends CardName {
  readonly householdId: string;
}

interface CardRow {
  readonly municipality_id: string;
  readonly card_hash: string;
  readonly household_id: string;
}

/** Looks cards up in the register. Fits the port that collection asks when a card was shown at a scale. */
@Injectable()
export class CardRegisterReader {
  constructor(
    private readonly database: DataSource,
    private readonly streams: Streams,
  ) {}

  /**
   * Those of the named cards that stand for a household of the same municipality, in any order. One query; a card that
   * the table does not know is looked up in the log, so that one which was issued a moment ago, or whose read model is
   * being rebuilt, is not taken for a stranger.
   */
  async find(cards: readonly CardName[]): Promise<readonly RegisteredCard[]> {
    const rows = await this.database.query<CardRow[]>(
      `SELECT municipality_id, card_hash, household_id FROM card_register
       JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS asked (municipality_id, card_hash)) AS asked
       USING (municipality_id, card_hash)`,
      [cards.map(({ municipalityId }) => municipalityId), cards.map(({ cardHash }) => cardHash)],
    );
    const found = rows.map(({ municipality_id, card_hash, household_id }) => ({
      municipalityId: municipality_id,
      cardHash: card_hash,
      householdId: household_id,
    }));
    const known = new Set(found.map(keyOf));
    const unknown = new Map(cards.filter((card) => !known.has(keyOf(card))).map((card) => [keyOf(card), card]));
    return [...found, ...(await this.inLog([...unknown.values()]))];
  }

  private async inLog(names: readonly CardName[]): Promise<readonly RegisteredCard[]> {
    const cards = await this.streams.statesOf(
      cardDecider,
      names.map(({ cardHash }) => cardStream(cardHash)),
    );
    return names.flatMap((name, place) => {
      const card = cards[place];
      const isIssued = card?.status === 'issued' && card.municipalityId === name.municipalityId;
      return isIssued ? [{ ...name, householdId: card.householdId }] : [];
    });
  }
}

function keyOf({ municipalityId, cardHash }: CardName): string {
  return `${municipalityId} ${cardHash}`;
}
