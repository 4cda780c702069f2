import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type EventMetadata } from '#event-store';
import { requestContext } from '#platform';
import { accountOf } from './signed-in.js';

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<Request>();

/** Who is signed in. Only on routes with `Allow`. */
export const CurrentAccount = createParamDecorator((_: unknown, context: ExecutionContext) =>
  accountOf(requestOf(context)),
);

/** The metadata of the events that a request causes: who acted, for which municipality, in which request. */
export const CommandMetadata = createParamDecorator((_: unknown, context: ExecutionContext): EventMetadata => {
  const request = requestOf(context);
  const { accountId, municipalityId } = accountOf(request);
  const { correlationId } = requestContext(request);
  return { municipalityId, correlationId, causationId: correlationId, actor: accountId };
});
