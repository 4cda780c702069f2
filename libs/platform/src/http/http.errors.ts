import { DomainError } from '#kernel';

export { InvalidFields, type FieldFault } from '#kernel';

/** The body is not JSON. */
export class MalformedBody extends DomainError {
  readonly code = 'malformed-body';

  constructor() {
    super('The body is not valid JSON');
  }
}

export class BodyTooLarge extends DomainError {
  readonly code = 'body-too-large';

  constructor(bytesMax: number) {
    super(`The body has more than ${bytesMax} bytes`, { bytesMax });
  }
}

export class UnsupportedBody extends DomainError {
  readonly code = 'unsupported-body';

  constructor() {
    super('A body must be application/json in UTF-8');
  }
}

export class RouteNotFound extends DomainError {
  readonly code = 'not-found';

  constructor() {
    super('Nothing is at this address');
  }
}

/** A page of another site tried to act in the name of somebody who is signed in here. */
export class CrossSiteRequest extends DomainError {
  readonly code = 'cross-site-request';

  constructor() {
    super('A request that changes something must come from this site');
  }
}

export class IdempotencyKeyReused extends DomainError {
  readonly code = 'idempotency-key-reused';

  constructor() {
    super('This Idempotency-Key came before with another request');
  }
}

export class IdempotencyInProgress extends DomainError {
  readonly code = 'idempotency-in-progress';

  constructor() {
    super('The first request with this Idempotency-Key is still being answered');
  }
}

export class TooManyIdempotencyKeys extends DomainError {
  readonly code = 'too-many-idempotency-keys';

  constructor(keysMax: number) {
    super(`An account can use ${keysMax} idempotency keys a day`, { keysMax });
  }
}

/** As many live streams are open as this process serves. */
export class TooManyStreams extends DomainError {
  readonly code = 'too-many-streams';

  constructor() {
    super('Too many live streams are open');
  }
}
