import { HttpException } from '@nestjs/common';
import { DomainError } from '#kernel';
import { InvalidFields } from './http.errors.js';
import { fieldMessage, hasMessage, problemMessage } from './messages.js';
import { problemStatus, retryAfterSeconds } from './problem-status.js';
import { type ProblemDto } from './problem.dto.js';
import { type RequestContext } from './request-context.js';

export interface ProblemAnswer {
  readonly problem: ProblemDto;
  readonly retryAfterSeconds: number | undefined;
}

/**
 * The answer to an error. A DomainError says its code and details; an exception of the framework says the code that its
 * status stands for. Anything else, and a DomainError that nobody wrote texts for, is ours to mend: it says nothing but
 * `internal` and the correlation id.
 */
export function problemOf(error: unknown, { correlationId, language }: RequestContext): ProblemAnswer {
  const { code, details } = refusalOf(error);
  const errors =
    error instanceof InvalidFields
      ? error.faults.map((fault) => ({ field: fault.field, code: fault.code, message: fieldMessage(language, fault) }))
      : undefined;
  const retryAfter = details['retryAfterSeconds'];
  return {
    problem: {
      type: `/problems/${code}`,
      ...problemMessage(language, code, details),
      status: problemStatus(code),
      code,
      correlationId,
      ...(errors && { errors }),
    },
    retryAfterSeconds: typeof retryAfter === 'number' ? retryAfter : retryAfterSeconds(code),
  };
}

/** Whether an error is our own fault, and so has to be logged with everything that is known about it. */
export function isInternal(error: unknown): boolean {
  return refusalOf(error).code === INTERNAL;
}

const INTERNAL = 'internal';

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'not-signed-in',
  403: 'not-allowed',
  404: 'not-found',
  413: 'body-too-large',
  415: 'unsupported-body',
  503: 'unavailable',
};

function refusalOf(error: unknown): Pick<DomainError, 'code' | 'details'> {
  if (error instanceof DomainError) return hasMessage(error.code) ? error : { code: INTERNAL, details: {} };
  // Nest's own exceptions, and what Express and its middleware throw: an error with a status.
  const status = error instanceof HttpException ? error.getStatus() : statusIn(error);
  const code = CODE_OF_STATUS[status] ?? (status >= 400 && status < 500 ? 'bad-request' : INTERNAL);
  return { code, details: {} };
}

function statusIn(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}
