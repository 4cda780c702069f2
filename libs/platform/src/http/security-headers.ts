import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import helmet from 'helmet';
import { type NextFunction, type Request, type Response } from 'express';

/** Swagger's page of the API has inline styles; it has no inline scripts, and nothing on it belongs to anybody. */
export const API_DOCS_PATH = '/api/docs';

const NONCE_BYTES = 16;

const nonces = new WeakMap<ServerResponse, string>();

/** The one value with which a style element of this answer is allowed to stand in the page. */
export function cspNonce(response: ServerResponse): string {
  let nonce = nonces.get(response);
  if (nonce === undefined) {
    nonce = randomBytes(NONCE_BYTES).toString('base64url');
    nonces.set(response, nonce);
  }
  return nonce;
}

function styleSource(request: IncomingMessage, response: ServerResponse): string {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const isDocs = path === API_DOCS_PATH || path.startsWith(`${API_DOCS_PATH}/`);
  return isDocs ? `'unsafe-inline'` : `'nonce-${cspNonce(response)}'`;
}

/** Nothing is loaded from elsewhere, nothing runs that is not a file of ours, and nobody frames us. */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: [`'self'`],
      scriptSrc: [`'self'`],
      styleSrc: [`'self'`, styleSource],
      imgSrc: [`'self'`, 'data:'],
      fontSrc: [`'self'`],
      connectSrc: [`'self'`],
      workerSrc: [`'self'`],
      manifestSrc: [`'self'`],
      objectSrc: [`'none'`],
      baseUri: [`'none'`],
      formAction: [`'self'`],
      frameAncestors: [`'none'`],
    },
  },
  crossOriginEmbedderPolicy: false,
  referrerPolicy: { policy: 'same-origin' },
  frameguard: { action: 'deny' },
  // Only where the request came by https; a village's plain http box must not lock browsers out of itself.
  strictTransportSecurity: false,
});

const HSTS = 'max-age=31536000';

/** Answers of the API are about people: no cache keeps them. On https, browsers stay on https. */
export function privateAnswers(request: Request, response: Response, next: NextFunction): void {
  if (request.path.startsWith('/api/')) response.set('Cache-Control', 'no-store');
  if (request.secure) response.set('Strict-Transport-Security', HSTS);
  next();
}
