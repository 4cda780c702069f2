import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { type EventMetadata } from '#event-store';
import { Allow, CommandMetadata } from '#identity';
import { RegisterHouseholdCommand } from './register-household.command.js';
import { HouseholdRegisteredDto, RegisterHouseholdDto } from './register-household.dto.js';

@ApiTags('households')
@Controller('households')
export class RegisterHouseholdController {
  constructor(private readonly commands: CommandBus) {}

  /** Registers a household or shop under an id made here. */
  @Post()
  @Allow('clerk')
  @ApiCreatedResponse({ type: HouseholdRegisteredDto })
  async register(
    @Body() { kind, persons, name = '' }: RegisterHouseholdDto,
    @CommandMetadata() metadata: EventMetadata,
  ): Promise<HouseholdRegisteredDto> {
    const householdId = uuidv7();
    const written = name.trim();
    const command = new RegisterHouseholdCommand(
      { householdId, kind, persons },
      written === '' ? null : written,
      metadata,
    );
    const { position } = await this.commands.execute(command);
    return { householdId, position };
  }
}
