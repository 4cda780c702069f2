import { Command } from '@nestjs/cqrs';
import { type EventMetadata, type Position } from '#event-store';
import { type EstablishMunicipality } from '../municipality.decider.js';

export type MunicipalityParticulars = Omit<EstablishMunicipality, 'type' | 'municipalityId'>;

/** Makes the metadata's municipality part of the installation. Repeating it changes nothing. */
export class EstablishMunicipalityCommand extends Command<{ readonly position: Position }> {
  constructor(
    readonly municipality: MunicipalityParticulars,
    readonly metadata: EventMetadata,
  ) {
    super();
  }
}
