import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Streams, type Position } from '#event-store';
import { HouseholdNames } from '../household-names/household-names.js';
import { householdDecider } from '../household/household.decider.js';
import { householdStream } from '../household/household.stream.js';
import { RegisterHouseholdCommand } from './register-household.command.js';

@CommandHandler(RegisterHouseholdCommand)
export class RegisterHouseholdHandler implements ICommandHandler<RegisterHouseholdCommand> {
  constructor(
    private readonly streams: Streams,
    private readonly names: HouseholdNames,
  ) {}

  /**
   * @throws InvalidFields for what no household is
   * @throws HouseholdAlreadyRegistered
   */
  async execute({ household, name, metadata }: RegisterHouseholdCommand): Promise<{ readonly position: Position }> {
    const { municipalityId } = metadata;
    const { householdId } = household;
    // The name goes first: a process killed in between leaves a name that nobody sees, not a household nobody can find.
    if (name !== null) await this.names.keep(municipalityId, householdId, name);
    const command = { type: 'RegisterHousehold', municipalityId, ...household } as const;
    const { position } = await this.streams.decide(householdDecider, householdStream(householdId), command, {
      metadata,
    });
    return { position };
  }
}
