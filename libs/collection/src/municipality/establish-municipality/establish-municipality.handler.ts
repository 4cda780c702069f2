import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Streams, type Position } from '#event-store';
import { municipalityDecider } from '../municipality.decider.js';
import { municipalityStream } from '../municipality.stream.js';
import { EstablishMunicipalityCommand } from './establish-municipality.command.js';

@CommandHandler(EstablishMunicipalityCommand)
export class EstablishMunicipalityHandler implements ICommandHandler<EstablishMunicipalityCommand> {
  constructor(private readonly streams: Streams) {}

  /**
   * @throws InvalidFields
   * @throws MunicipalityAlreadyEstablished
   */
  async execute({ municipality, metadata }: EstablishMunicipalityCommand): Promise<{ readonly position: Position }> {
    const { municipalityId } = metadata;
    const command = { type: 'EstablishMunicipality', municipalityId, ...municipality } as const;
    const { position } = await this.streams.decide(municipalityDecider, municipalityStream(municipalityId), command, {
      metadata,
    });
    return { position };
  }
}
