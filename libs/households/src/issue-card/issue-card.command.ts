import { Command } from '@nestjs/cqrs';
import { type EventMetadata, type Position } from '#event-store';

/** Makes a card stand for a household of the metadata's municipality. Repeating it changes nothing. */
export class IssueCardCommand extends Command<{ readonly position: Position }> {
  constructor(
    readonly householdId: string,
    /** The token as a reader at a scale reads it. Only its keyed hash is remembered. */
    readonly card: string,
    readonly metadata: EventMetadata,
  ) {
    super();
  }
}
