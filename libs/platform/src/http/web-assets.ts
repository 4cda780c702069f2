import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type NextFunction, type Request, type Response } from 'express';
import { cspNonce } from './security-headers.js';

/** Vite puts a hash of the content into the name of everything here: it never changes. */
const HASHED_FOLDER = 'assets';
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

const INDEX = 'index.html';

/** The page holds this where the nonce for style elements belongs. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** Addresses that are never a page. */
const NOT_PAGES = ['/api', '/health', '/metrics', '/.well-known', `/${HASHED_FOLDER}`];

/**
 * Serves the built web application from a folder: its files, and its index page for every address that a page may
 * have, so that a link into it and a reload work.
 */
export function serveWebAssets(app: NestExpressApplication, root: string): void {
  // Pages first: the file index.html by its own name would be one without a nonce.
  app.use(answerPage(path.join(root, INDEX)));
  app.useStaticAssets(root, { index: false, redirect: false, setHeaders: cacheFile(root) });
}

function cacheFile(root: string) {
  const hashed = path.join(root, HASHED_FOLDER) + path.sep;
  return (response: Response, file: string): void => {
    response.setHeader('Cache-Control', file.startsWith(hashed) ? IMMUTABLE : REVALIDATE);
  };
}

function answerPage(file: string) {
  // Read at each start, which follows each build.
  const [beforeNonce = '', ...rest] = readFileSync(file, 'utf8').split(NONCE_PLACEHOLDER);
  return (request: Request, response: Response, next: NextFunction): void => {
    if (!isPage(request)) {
      next();
      return;
    }
    const page = [beforeNonce, ...rest].join(cspNonce(response));
    response.set('Cache-Control', REVALIDATE).type('html').send(page);
  };
}

function isPage(request: Request): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (NOT_PAGES.some((prefix) => request.path === prefix || request.path.startsWith(`${prefix}/`))) return false;
  // A missing file is a missing file, not a page.
  const isFile = path.extname(request.path) !== '' && request.path !== `/${INDEX}`;
  return !isFile && request.accepts('html') !== false;
}
