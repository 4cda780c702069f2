import { Command } from '@nestjs/cqrs';
import { type EventMetadata, type Position } from '#event-store';
import { type RegisterScale } from '../scale/scale.decider.js';

/** The particulars of a scale, without the municipality, which is that of whoever registers. */
export type ScaleParticulars = Omit<RegisterScale, 'type' | 'municipalityId'>;

/** Puts a scale on the register of the metadata's municipality. Repeating it changes nothing. */
export class RegisterScaleCommand extends Command<{ readonly position: Position }> {
  constructor(
    readonly scale: ScaleParticulars,
    readonly metadata: EventMetadata,
  ) {
    super();
  }
}
