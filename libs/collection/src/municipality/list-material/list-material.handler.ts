import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Streams, type Position } from '#event-store';
import { municipalityDecider } from '../municipality.decider.js';
import { municipalityStream } from '../municipality.stream.js';
import { ListMaterialCommand } from './list-material.command.js';

@CommandHandler(ListMaterialCommand)
export class ListMaterialHandler implements ICommandHandler<ListMaterialCommand> {
  constructor(private readonly streams: Streams) {}

  /**
   * @throws InvalidFields
   * @throws MunicipalityNotFound
   * @throws MaterialAlreadyListed
   * @throws MunicipalityFull
   */
  async execute({ material, metadata }: ListMaterialCommand): Promise<{ readonly position: Position }> {
    const { municipalityId } = metadata;
    const command = { type: 'ListMaterial', municipalityId, ...material } as const;
    const { position } = await this.streams.decide(municipalityDecider, municipalityStream(municipalityId), command, {
      metadata,
    });
    return { position };
  }
}
