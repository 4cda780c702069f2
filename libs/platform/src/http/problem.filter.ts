import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { PROBLEM_MEDIA_TYPE } from './problem.dto.js';
import { isInternal, problemOf } from './problem.js';
import { requestContext } from './request-context.js';

/** Answers every error as problem details; nothing of an unexpected error reaches the caller but where to find it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const context = requestContext(request);
    if (isInternal(error)) {
      const what = `${request.method} ${request.path} failed (correlation id ${context.correlationId})`;
      this.log.error(what, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    if (response.headersSent) {
      // Half an answer cannot be turned into a problem; cutting it tells the caller that it is not whole.
      response.destroy();
      return;
    }
    const { problem, retryAfterSeconds } = problemOf(error, context);
    if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds));
    response
      .status(problem.status)
      .set('Content-Language', context.language)
      .vary('Accept-Language')
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problem));
  }
}
