import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiCookieAuth } from '@nestjs/swagger';
import { type Role } from '../account/account.js';

export const ALLOWED_ROLES = 'mizan:allowed-roles';

/** The roles that a route, or every route of a controller, is for. A route without this or `Public` is for nobody. */
export const Allow = (...roles: readonly [Role, ...Role[]]) =>
  applyDecorators(SetMetadata(ALLOWED_ROLES, roles), ApiCookieAuth('session'));
