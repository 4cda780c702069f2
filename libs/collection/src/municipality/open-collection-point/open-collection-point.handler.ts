import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Streams, type Position } from '#event-store';
import { municipalityDecider } from '../municipality.decider.js';
import { municipalityStream } from '../municipality.stream.js';
import { OpenCollectionPointCommand } from './open-collection-point.command.js';

@CommandHandler(OpenCollectionPointCommand)
export class OpenCollectionPointHandler implements ICommandHandler<OpenCollectionPointCommand> {
  constructor(private readonly streams: Streams) {}

  /**
   * @throws InvalidFields
   * @throws MunicipalityNotFound
   * @throws MaterialNotListed
   * @throws PointAlreadyOpen
   * @throws MunicipalityFull
   */
  async execute({ point, metadata }: OpenCollectionPointCommand): Promise<{ readonly position: Position }> {
    const { municipalityId } = metadata;
    const command = { type: 'OpenCollectionPoint', municipalityId, ...point } as const;
    const { position } = await this.streams.decide(municipalityDecider, municipalityStream(municipalityId), command, {
      metadata,
    });
    return { position };
  }
}
