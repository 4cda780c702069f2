import { Controller, Get, Optional } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public, RouteNotFound, Settings } from '#platform';
import { type Role, ROLES } from '../account/account.js';
import { DemoAccounts } from './demo-accounts.js';

export class DemoAccountDto {
  @ApiProperty({ enum: ROLES })
  readonly role!: Role;

  @ApiProperty({ type: String })
  readonly login!: string;

  @ApiProperty({ type: String })
  readonly password!: string;

  @ApiProperty({ type: String })
  readonly name!: string;
}

export class DemoDto {
  @ApiProperty({ type: String, description: 'A registered, unsigned scale that nothing simulates.' })
  readonly unsignedScale!: string;

  @ApiProperty({ type: String, description: 'The card of a demo household.' })
  readonly card!: string;

  @ApiProperty({ type: DemoAccountDto, isArray: true })
  readonly accounts!: readonly DemoAccountDto[];
}

@ApiTags('demo')
@Controller('demo')
export class DemoController {
  constructor(
    private readonly settings: Settings,
    @Optional() private readonly demo?: DemoAccounts,
  ) {}

  @Public()
  @Get()
  @ApiOperation({ summary: 'How to try the demo; 404 where there is none' })
  @ApiOkResponse({ type: DemoDto })
  read(): DemoDto {
    if (!this.settings.demo || !this.demo) throw new RouteNotFound();
    const { unsignedScale, card, accounts } = this.demo;
    return {
      unsignedScale,
      card,
      accounts: accounts.map(({ role, login, password, name }) => ({ role, login, password, name })),
    };
  }
}
