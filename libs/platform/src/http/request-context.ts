import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type NextFunction, type Request, type Response } from 'express';
import { type Language, preferredLanguage } from './language.js';

export const CORRELATION_ID_HEADER = 'X-Correlation-Id';

const CORRELATION_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** What is known about a request beside what it asks for. */
export interface RequestContext {
  /** Joins a request, its log lines, its problem and the events it caused. */
  readonly correlationId: string;
  readonly language: Language;
  /** Who is signed in; set by the guard that found out. */
  accountId?: string;
}

const contexts = new WeakMap<Request, RequestContext>();

/** The context of a request; made the first time it is asked for. */
export function requestContext(request: Request): RequestContext {
  let context = contexts.get(request);
  if (!context) {
    const offered = request.get(CORRELATION_ID_HEADER) ?? '';
    context = {
      correlationId: CORRELATION_ID_PATTERN.test(offered) ? offered : randomUUID(),
      language: preferredLanguage(request.get('Accept-Language')),
    };
    contexts.set(request, context);
  }
  return context;
}

/** Answers with the correlation id of the request: the caller's own, where it sent a plausible one. */
export function answerCorrelationId(request: Request, response: Response, next: NextFunction): void {
  response.set(CORRELATION_ID_HEADER, requestContext(request).correlationId);
  next();
}

/** The correlation id of the request that a route answers. */
export const CorrelationId = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return requestContext(context.switchToHttp().getRequest<Request>()).correlationId;
});
