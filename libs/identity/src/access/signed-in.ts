import { type Request } from 'express';
import { requestContext } from '#platform';
import { type Account } from '../account/account.js';

const signedIn = new WeakMap<Request, Account>();

/** Remembers whom a request's session belongs to, for the routes and for the platform (idempotency keys). */
export function rememberAccount(request: Request, account: Account): void {
  signedIn.set(request, account);
  requestContext(request).accountId = account.accountId;
}

/** The account of a request that passed the guard of a route with `Allow`. */
export function accountOf(request: Request): Account {
  const account = signedIn.get(request);
  if (!account) throw new Error('This route has no account: it is public, or the access guard is not installed');
  return account;
}
