import { type NextFunction, type Request, type Response } from 'express';
import { Histogram } from 'prom-client';
import { type Metrics } from '../health/metrics.js';

const BUCKETS_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10];

/** Measures each answer by the pattern of its route, never by its address, which may name a household. */
export function measureAnswers({ registry }: Metrics) {
  const duration = new Histogram({
    name: 'mizan_http_request_duration_seconds',
    help: 'Time to answer HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    const end = duration.startTimer();
    response.once('finish', () => {
      // A live stream lasts as long as somebody watches it.
      if (response.get('Content-Type')?.startsWith('text/event-stream')) return;
      end({ method: request.method, route: routeOf(request), status: response.statusCode });
    });
    next();
  };
}

function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'none';
}
