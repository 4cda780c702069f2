import { Command } from '@nestjs/cqrs';
import { type EventMetadata, type Position } from '#event-store';
import { type ListMaterial } from '../municipality.decider.js';

export type MaterialParticulars = Omit<ListMaterial, 'type' | 'municipalityId'>;

/** Says that the metadata's municipality collects a material. Repeating it changes nothing. */
export class ListMaterialCommand extends Command<{ readonly position: Position }> {
  constructor(
    readonly material: MaterialParticulars,
    readonly metadata: EventMetadata,
  ) {
    super();
  }
}
