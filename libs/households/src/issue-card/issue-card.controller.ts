import { Body, Controller, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { type EventMetadata } from '#event-store';
import { Allow, CommandMetadata } from '#identity';
import { InvalidFields } from '#kernel';
import { IssueCardCommand } from './issue-card.command.js';
import { CardIssuedDto, HouseholdParams, IssueCardDto } from './issue-card.dto.js';

@ApiTags('households')
@Controller('households/:householdId/cards')
export class IssueCardController {
  constructor(private readonly commands: CommandBus) {}

  /** Makes a card stand for a household. A card that stands for another one is refused. */
  @Post()
  @Allow('clerk')
  @ApiCreatedResponse({ type: CardIssuedDto })
  async issue(
    @Param() { householdId }: HouseholdParams,
    @Body() { card }: IssueCardDto,
    @CommandMetadata() metadata: EventMetadata,
  ): Promise<CardIssuedDto> {
    // Blanks around it come from typing or pasting; no reader reads them.
    const token = card.trim();
    if (token === '') throw InvalidFields.of({ field: 'card', code: 'required' });
    return this.commands.execute(new IssueCardCommand(householdId.toLowerCase(), token, metadata));
  }
}
