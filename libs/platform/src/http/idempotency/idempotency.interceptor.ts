import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { catchError, from, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import { canonicalize } from 'json-canonicalize';
import { DomainError } from '#kernel';
import { InvalidFields } from '../http.errors.js';
import { problemStatus } from '../problem-status.js';
import { requestContext } from '../request-context.js';
import { type FirstAnswer, IdempotencyKeys, type KeyedRequest } from './idempotency-keys.js';

export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';
/** Says that an answer was given before. */
export const REPEATED_HEADER = 'Idempotency-Replayed';

export const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,200}$/;

const UNSAFE_METHODS = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** A refusal that was given before, told again. */
class RepeatedRefusal extends DomainError {
  constructor(
    readonly code: string,
    message: string,
    details: Readonly<Record<string, unknown>>,
  ) {
    super(message, details);
  }
}

/**
 * A command that comes again with the same Idempotency-Key, from the same account and with the same content, gets the
 * answer that the first one got, and is not carried out again. What the command itself refused is an answer too; what
 * failed on the way (wrong input, a database that was away) is not, and may be tried again under the same key.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly log = new Logger(IdempotencyInterceptor.name);

  constructor(private readonly keys: IdempotencyKeys) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const key = request.get(IDEMPOTENCY_KEY_HEADER);
    const { accountId } = requestContext(request);
    // Without an account (signing in, out of reach of a session) there is nobody whose answer it would be.
    if (key === undefined || accountId === undefined || !UNSAFE_METHODS.has(request.method)) return next.handle();
    if (!IDEMPOTENCY_KEY_PATTERN.test(key)) {
      return throwError(() => InvalidFields.of({ field: IDEMPOTENCY_KEY_HEADER, code: 'not-an-idempotency-key' }));
    }
    const keyed = { accountId, key, requestHash: hashOf(request) };
    return from(this.keys.claim(keyed)).pipe(
      mergeMap((answer) => (answer ? repeat(answer, response) : this.answerFirst(keyed, next, response))),
    );
  }

  private answerFirst(keyed: KeyedRequest, next: CallHandler, response: Response): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        const settled = isAnswer(error)
          ? this.keys.keep(keyed, { refusal: { code: error.code, message: error.message, details: error.details } })
          : this.keys.release(keyed);
        return this.evenIfItFails(settled).pipe(mergeMap(() => throwError(() => error)));
      }),
      mergeMap((body: unknown) =>
        this.evenIfItFails(this.keys.keep(keyed, { status: response.statusCode, body: body ?? null })).pipe(
          map(() => body),
        ),
      ),
    );
  }

  /** What the command did is done: whoever asked hears of it, whether or not we can remember our answer. */
  private evenIfItFails(remembering: Promise<void>): Observable<void> {
    return from(
      remembering.catch((error: unknown) =>
        this.log.warn(`The answer to an Idempotency-Key was not kept: ${String(error)}`),
      ),
    );
  }
}

function repeat(answer: FirstAnswer, response: Response): Observable<unknown> {
  response.set(REPEATED_HEADER, 'true');
  if ('refusal' in answer) {
    const { code, message, details } = answer.refusal;
    return throwError(() => new RepeatedRefusal(code, message, details));
  }
  response.status(answer.status);
  return of(answer.body ?? undefined);
}

/** Refusals of the domain; the shape of the input and the state of our machines say nothing about the command. */
function isAnswer(error: unknown): error is DomainError {
  return error instanceof DomainError && !(error instanceof InvalidFields) && problemStatus(error.code) < 500;
}

function hashOf(request: Request): Buffer {
  const body: unknown = request.body;
  return createHash('sha256')
    .update(`${request.method} ${request.originalUrl}\n`)
    .update(body === undefined ? '' : canonicalize(body))
    .digest();
}
