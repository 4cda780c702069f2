import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { type EventMetadata } from '#event-store';
import { Allow, CommandMetadata } from '#identity';
import { InvalidFields } from '#kernel';
import { type ScaleTrust } from '../scale/scale.decider.js';
import { RegisterScaleCommand } from './register-scale.command.js';
import { RegisterScaleDto, ScaleRegisteredDto } from './register-scale.dto.js';

@ApiTags('scales')
@Controller('scales')
export class RegisterScaleController {
  constructor(private readonly commands: CommandBus) {}

  /** Puts a scale on the register. The same particulars again change nothing; others are refused. */
  @Post()
  @Allow('clerk')
  @ApiCreatedResponse({ type: ScaleRegisteredDto })
  async register(
    @Body() body: RegisterScaleDto,
    @CommandMetadata() metadata: EventMetadata,
  ): Promise<ScaleRegisteredDto> {
    const { scaleId, pointId, capacityGrams, minimumGrams, intervalGrams, verifiedUntil, firstSeq = null } = body;
    const particulars = { scaleId, pointId, capacityGrams, minimumGrams, intervalGrams, verifiedUntil, firstSeq };
    const command = new RegisterScaleCommand({ ...particulars, trust: trustOf(body) }, metadata);
    const { position } = await this.commands.execute(command);
    return { scaleId, position };
  }
}

/** A key that nobody will check must not look as if somebody did. */
function trustOf({ trust, kid, publicKey }: RegisterScaleDto): ScaleTrust {
  if (trust === 'signed') {
    if (kid === undefined) throw InvalidFields.of({ field: 'kid', code: 'required' });
    if (publicKey === undefined) throw InvalidFields.of({ field: 'publicKey', code: 'required' });
    const { kty, crv, x, y } = publicKey;
    return { kind: 'signed', kid, key: y === undefined ? { kty, crv, x } : { kty, crv, x, y } };
  }
  if (kid !== undefined) throw InvalidFields.of({ field: 'kid', code: 'not-for-unsigned' });
  if (publicKey !== undefined) throw InvalidFields.of({ field: 'publicKey', code: 'not-for-unsigned' });
  return { kind: 'unsigned' };
}
