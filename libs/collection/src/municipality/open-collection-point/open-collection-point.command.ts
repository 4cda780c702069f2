import { Command } from '@nestjs/cqrs';
import { type EventMetadata, type Position } from '#event-store';
import { type OpenCollectionPoint } from '../municipality.decider.js';

export type PointParticulars = Omit<OpenCollectionPoint, 'type' | 'municipalityId'>;

/** Opens a place of the metadata's municipality for materials it collects. Repeating it changes nothing. */
export class OpenCollectionPointCommand extends Command<{ readonly position: Position }> {
  constructor(
    readonly point: PointParticulars,
    readonly metadata: EventMetadata,
  ) {
    super();
  }
}
