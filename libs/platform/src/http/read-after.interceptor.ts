import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Request } from 'express';
import { from, mergeMap, type Observable, throwError } from 'rxjs';
import { ReadModelProgress } from '#subscriptions';
import { InvalidFields } from './http.errors.js';
import { POSITION_PATTERN } from './list-query.dto.js';

const WAIT_MS_MAX = 5_000;

/**
 * A query with `?after=<position>` is answered from a read model that has caught up with that position, or refused with
 * `read-model-behind` when that takes too long.
 */
@Injectable()
export class ReadAfterInterceptor implements NestInterceptor {
  constructor(private readonly readModel: ReadModelProgress) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const after: unknown = request.query['after'];
    if (request.method !== 'GET' || after === undefined) return next.handle();
    if (typeof after !== 'string' || !POSITION_PATTERN.test(after)) {
      // The route's own validation goes first, so that every wrong field is named together with this one.
      return next
        .handle()
        .pipe(mergeMap(() => throwError(() => InvalidFields.of({ field: 'after', code: 'wrong-format' }))));
    }
    return from(this.readModel.waitFor(after, { timeoutMs: WAIT_MS_MAX })).pipe(mergeMap(() => next.handle()));
  }
}
