import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { PUBLIC_ROUTE } from '#platform';
import { type Role } from '../account/account.js';
import { sessionToken } from '../session/session-cookie.js';
import { Sessions } from '../session/sessions.js';
import { ALLOWED_ROLES } from './access.decorators.js';
import { NotAllowed, NotSignedIn } from './access.errors.js';
import { rememberAccount } from './signed-in.js';

/**
 * Stands before every route of the process. A route says whom it is for, with `Allow` or `Public`; one that says
 * nothing is for nobody.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
  ) {}

  /** @throws NotSignedIn, NotAllowed */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, route) === true) return true;

    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ALLOWED_ROLES, route);
    if (roles === undefined) throw new NotAllowed();

    const request = context.switchToHttp().getRequest<Request>();
    const token = sessionToken(request);
    const account = token === undefined ? null : await this.sessions.accountOf(token);
    if (account === null) throw new NotSignedIn();
    if (!roles.includes(account.role)) throw new NotAllowed();
    rememberAccount(request, account);
    return true;
  }
}
