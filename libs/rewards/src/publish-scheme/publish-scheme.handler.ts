import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { municipalityStream } from '#collection/events';
import { Streams, type Position } from '#event-store';
import { schemeDecider } from '../scheme/scheme.decider.js';
import { MunicipalityNotEstablished } from '../scheme/scheme.errors.js';
import { readPublication } from '../scheme/scheme-publication.js';
import { schemeStream } from '../scheme/scheme.stream.js';
import { municipalityFacts } from './municipality-facts.js';
import { PublishSchemeCommand } from './publish-scheme.command.js';

@CommandHandler(PublishSchemeCommand)
export class PublishSchemeHandler implements ICommandHandler<PublishSchemeCommand> {
  constructor(private readonly streams: Streams) {}

  /**
   * @throws MunicipalityNotEstablished
   * @throws InvalidFields naming every field that is not as a scheme of this municipality has it
   * @throws SchemeVersionConflict, AnotherSchemeInForce
   */
  async execute({ publication, metadata }: PublishSchemeCommand): Promise<{ readonly position: Position }> {
    const { municipalityId } = metadata;
    const municipality = await this.streams.stateOf(municipalityFacts, municipalityStream(municipalityId));
    if (!municipality) throw new MunicipalityNotEstablished(municipalityId);

    const command = {
      type: 'PublishScheme',
      municipalityId,
      ...readPublication(publication, municipality),
    } as const;
    const { position } = await this.streams.decide(schemeDecider, schemeStream(municipalityId), command, { metadata });
    return { position };
  }
}
