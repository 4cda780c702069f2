import { type NextFunction, type Request, type Response } from 'express';
import { CrossSiteRequest } from './http.errors.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a page of another site sends in the name of a person who is signed in here (and a sign-in it forges).
 * Browsers say where a request comes from: `Sec-Fetch-Site`, and before that `Origin`. A request with neither comes
 * from no browser, and nobody's cookies were lent to it.
 */
export function refuseCrossSite(request: Request, _response: Response, next: NextFunction): void {
  if (SAFE_METHODS.has(request.method) || isSameOrigin(request)) next();
  else next(new CrossSiteRequest());
}

function isSameOrigin(request: Request): boolean {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('Origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.host;
}
