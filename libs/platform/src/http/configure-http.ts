import { type INestApplication, type NestApplicationOptions, RequestMethod } from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { Metrics } from '../health/metrics.js';
import { measureAnswers } from './http-metrics.js';
import { serveOpenApi } from './open-api.js';
import { readJsonBodies } from './request-body.js';
import { answerCorrelationId } from './request-context.js';
import { refuseCrossSite } from './same-origin.js';
import { privateAnswers, securityHeaders } from './security-headers.js';
import { serveWebAssets } from './web-assets.js';

export const API_PREFIX = 'api/v1';

const ROOT_ROUTES = ['health/live', 'health/ready', 'metrics', '.well-known/jwks.json'];

/** Give these to `NestFactory.create` or `createNestApplication`. */
export const HTTP_APPLICATION_OPTIONS = { bodyParser: false } satisfies NestApplicationOptions;

export interface HttpOptions {
  /** The folder of the built web application; without it the process serves the API alone. */
  readonly webRoot?: string;
}

/**
 * Everything that happens to a request before Nest routes it, and where routes stand. Call it once, before `init` or
 * `listen`, on an application made with HTTP_APPLICATION_OPTIONS.
 */
export function configureHttp(app: NestExpressApplication, { webRoot }: HttpOptions = {}): void {
  app.set('trust proxy', 'loopback');
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(measureAnswers(app.get(Metrics)));
  app.use(answerCorrelationId);
  app.use(securityHeaders);
  app.use(privateAnswers);
  app.use(refuseCrossSite);
  readJsonBodies(app);
  placeRoutes(app);
  serveOpenApi(app);
  if (webRoot !== undefined) serveWebAssets(app, webRoot);
}

/** Where routes stand: those of the API below its prefix, those for machines that know nothing of it at the root. */
export function placeRoutes(app: INestApplication): void {
  const exclude = ROOT_ROUTES.map((path) => ({ path, method: RequestMethod.GET }));
  app.setGlobalPrefix(API_PREFIX, { exclude });
}
