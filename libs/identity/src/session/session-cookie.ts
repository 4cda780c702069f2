import { type CookieOptions, type Request, type Response } from 'express';
import { SESSION_MS_MAX } from './sessions.js';

export const SESSION_COOKIE = 'mizan_session';

/** base64url of 32 bytes. */
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;
const HEADER_LENGTH_MAX = 8_192;

/** The token of a request's session cookie; undefined where there is none that could be ours. */
export function sessionToken(request: Request): string | undefined {
  const header = (request.get('Cookie') ?? '').slice(0, HEADER_LENGTH_MAX);
  for (const pair of header.split(';')) {
    const [name, value = ''] = pair.trim().split('=');
    if (name === SESSION_COOKIE && TOKEN_PATTERN.test(value)) return value;
  }
  return undefined;
}

/** The server decides when a session is over; the cookie only has to live as long as the longest one. */
export function giveSessionCookie(response: Response, token: string): void {
  response.cookie(SESSION_COOKIE, token, { ...scope(response), maxAge: SESSION_MS_MAX });
}

export function takeSessionCookie(response: Response): void {
  response.clearCookie(SESSION_COOKIE, scope(response));
}

function scope({ req }: Response): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure };
}
