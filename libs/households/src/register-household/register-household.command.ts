import { Command } from '@nestjs/cqrs';
import { type EventMetadata, type Position } from '#event-store';
import { type RegisterHousehold } from '../household/household.decider.js';

/** What is known of a household, without the municipality, which is that of whoever registers. */
export type HouseholdParticulars = Omit<RegisterHousehold, 'type' | 'municipalityId'>;

/**
 * Registers a household in the metadata's municipality. Repeating it changes nothing. The name goes where it can be
 * erased, never into the log; null for a household that gives none.
 */
export class RegisterHouseholdCommand extends Command<{ readonly position: Position }> {
  constructor(
    readonly household: HouseholdParticulars,
    readonly name: string | null,
    readonly metadata: EventMetadata,
  ) {
    super();
  }
}
