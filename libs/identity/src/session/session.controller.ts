import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { Public } from '#platform';
import { Allow } from '../access/access.decorators.js';
import { CurrentAccount } from '../access/account.decorators.js';
import { type Account, ROLES } from '../account/account.js';
import { Accounts } from '../account/accounts.js';
import { MunicipalityDirectory } from './municipality-directory.js';
import { giveSessionCookie, sessionToken, takeSessionCookie } from './session-cookie.js';
import { SessionDto, SignInDto } from './session.dto.js';
import { MunicipalityUnavailable, WrongCredentials } from './session.errors.js';
import { Sessions } from './sessions.js';
import { SignInAttempts } from './sign-in-attempts.js';

@ApiTags('session')
@Controller('session')
export class SessionController {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly attempts: SignInAttempts,
    private readonly municipalities: MunicipalityDirectory,
  ) {}

  @Public()
  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Sign in; the session is a cookie' })
  @ApiOkResponse({ type: SessionDto })
  async signIn(
    @Body() { login, password }: SignInDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionDto> {
    const address = request.ip ?? '';
    this.attempts.begin(login, address);
    const account = await this.accounts.findByCredentials(login, password);
    if (!account) throw new WrongCredentials();
    this.attempts.succeeded(login, address);

    const session = await this.sessionOf(account);
    const earlier = sessionToken(request);
    if (earlier !== undefined) await this.sessions.end(earlier);
    giveSessionCookie(response, await this.sessions.start(account));
    return session;
  }

  @Allow(...ROLES)
  @Get()
  @ApiOperation({ summary: 'Who is signed in' })
  @ApiOkResponse({ type: SessionDto })
  read(@CurrentAccount() account: Account): Promise<SessionDto> {
    return this.sessionOf(account);
  }

  @Public()
  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Sign out' })
  @ApiNoContentResponse()
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const token = sessionToken(request);
    if (token !== undefined) await this.sessions.end(token);
    takeSessionCookie(response);
  }

  private async sessionOf({ accountId, name, role, municipalityId, householdId }: Account): Promise<SessionDto> {
    const municipality = await this.municipalities.find(municipalityId);
    if (!municipality) throw new MunicipalityUnavailable(municipalityId);
    return { account: { accountId, name, role, householdId }, municipality };
  }
}
