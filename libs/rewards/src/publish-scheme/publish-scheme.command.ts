import { Command } from '@nestjs/cqrs';
import { type EventMetadata, type Position } from '#event-store';
import { type SchemePublication } from '../scheme/scheme-publication.js';

/** Publishes the next version of the scheme of the metadata's municipality. Repeating it changes nothing. */
export class PublishSchemeCommand extends Command<{ readonly position: Position }> {
  constructor(
    readonly publication: SchemePublication,
    readonly metadata: EventMetadata,
  ) {
    super();
  }
}
