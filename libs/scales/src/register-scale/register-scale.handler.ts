import { createPublicKey } from 'node:crypto';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Streams, type Position } from '#event-store';
import { InvalidFields } from '#kernel';
import { scaleDecider, type ScaleTrust } from '../scale/scale.decider.js';
import { PointNotOpen } from '../scale/scale.errors.js';
import { scaleStream } from '../scale/scale.stream.js';
import { CollectionPoints } from './collection-points.js';
import { RegisterScaleCommand } from './register-scale.command.js';

@CommandHandler(RegisterScaleCommand)
export class RegisterScaleHandler implements ICommandHandler<RegisterScaleCommand> {
  constructor(
    private readonly streams: Streams,
    private readonly points: CollectionPoints,
  ) {}

  /**
   * @throws InvalidFields for particulars that no scale has
   * @throws PointNotOpen
   * @throws ScaleAlreadyRegistered
   */
  async execute({ scale, metadata }: RegisterScaleCommand): Promise<{ readonly position: Position }> {
    const { municipalityId } = metadata;
    refuseUnusableKey(scale.trust);
    if (!(await this.points.isOpen(municipalityId, scale.pointId))) throw new PointNotOpen(scale.pointId);

    const command = { type: 'RegisterScale', municipalityId, ...scale } as const;
    const { position } = await this.streams.decide(scaleDecider, scaleStream(scale.scaleId), command, { metadata });
    return { position };
  }
}

/** The decider knows what a key looks like; whether its point lies on its curve only a library of curves can say. */
function refuseUnusableKey(trust: ScaleTrust): void {
  if (trust.kind === 'unsigned') return;
  try {
    createPublicKey({ key: { ...trust.key }, format: 'jwk' });
  } catch {
    throw InvalidFields.of({ field: 'publicKey', code: 'not-a-public-key' });
  }
}
