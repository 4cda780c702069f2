import { Injectable } from '@nestjs/common';
import { InstallationKeys } from '#platform';
import { CardRegister, type CardName } from './card-register.js';
import { type BelievedMessage } from './heard-message.js';
import { MaterialCatalogue } from './material-catalogue.js';
import { type Facts } from './report-entries.js';
import { RewardConditions, type RewardCondition } from './reward-conditions.js';

/** Looks up what a batch of decisions needs: one query for each register, however many reports there are. */
@Injectable()
export class BatchFacts {
  constructor(
    private readonly keys: InstallationKeys,
    private readonly cards: CardRegister,
    private readonly materials: MaterialCatalogue,
    private readonly conditions: RewardConditions,
  ) {}

  async of(messages: readonly BelievedMessage[]): Promise<Facts> {
    const reports = messages.flatMap(({ scale: { municipalityId }, reports }) =>
      reports.flatMap((reading) => (reading.readable ? [{ municipalityId, ...reading.report }] : [])),
    );
    const municipalityIds = [...new Set(reports.map(({ municipalityId }) => municipalityId))];
    const hashes = new Map<string, string>();
    for (const { card } of reports) {
      if (card !== null && !hashes.has(card)) hashes.set(card, this.keys.cardHash(card));
    }
    const hashOf = (token: string) => hashes.get(token) ?? this.keys.cardHash(token);

    const [householdOf, isListed, conditions] = await Promise.all([
      this.households(
        reports.flatMap(({ municipalityId, card }) =>
          card === null ? [] : [{ municipalityId, cardHash: hashOf(card) }],
        ),
      ),
      this.materials.listed(reports),
      municipalityIds.length === 0 ? [] : this.conditions.ofMunicipalities(municipalityIds),
    ]);
    return {
      isListed,
      cardOf: (municipalityId, token) => {
        const cardHash = hashOf(token);
        return { cardHash, householdId: householdOf({ municipalityId, cardHash }) };
      },
      earnsDespite: earnsDespite(conditions),
    };
  }

  private async households(shown: readonly CardName[]): Promise<(card: CardName) => string | null> {
    const asked = new Map(shown.map((card) => [nameOf(card), card]));
    const found = asked.size === 0 ? [] : await this.cards.find([...asked.values()]);
    const households = new Map(found.map((card) => [nameOf(card), card.householdId]));
    return (card) => households.get(nameOf(card)) ?? null;
  }
}

/** The latest condition in force at an instant; before the first one nothing is forgiven. */
function earnsDespite(conditions: readonly RewardCondition[]): Facts['earnsDespite'] {
  const latestFirst = conditions.toSorted((a, b) => Date.parse(b.effectiveFrom) - Date.parse(a.effectiveFrom));
  return (municipalityId, weighedAt) => {
    const instant = Date.parse(weighedAt);
    const inForce = latestFirst.find(
      (condition) => condition.municipalityId === municipalityId && Date.parse(condition.effectiveFrom) <= instant,
    );
    return inForce?.earnsDespite ?? [];
  };
}

function nameOf({ municipalityId, cardHash }: CardName): string {
  return `${municipalityId} ${cardHash}`;
}
