import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Streams, type Position } from '#event-store';
import { InstallationKeys } from '#platform';
import { cardDecider } from '../card/card.decider.js';
import { cardStream } from '../card/card.stream.js';
import { householdDecider } from '../household/household.decider.js';
import { householdStream } from '../household/household.stream.js';
import { IssueCardCommand } from './issue-card.command.js';

@CommandHandler(IssueCardCommand)
export class IssueCardHandler implements ICommandHandler<IssueCardCommand> {
  constructor(
    private readonly streams: Streams,
    private readonly keys: InstallationKeys,
  ) {}

  /**
   * @throws HouseholdNotFound
   * @throws CardAlreadyIssued
   */
  async execute({ householdId, card, metadata }: IssueCardCommand): Promise<{ readonly position: Position }> {
    const { municipalityId } = metadata;
    const cardHash = this.keys.cardHash(card);
    const household = await this.streams.stateOf(householdDecider, householdStream(householdId));
    const command = { type: 'IssueCard', municipalityId, householdId, cardHash, household } as const;
    const { position } = await this.streams.decide(cardDecider, cardStream(cardHash), command, { metadata });
    return { position };
  }
}
