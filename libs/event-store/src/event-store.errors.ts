import { DomainError } from '#kernel';

/** The stream was not where the writer believed it to be: decide again on its newer history. */
export class RevisionConflict extends DomainError {
  readonly code = 'revision-conflict';

  constructor(
    readonly stream: string,
    readonly expected: string | number,
    /** The stream's last revision; -1 when it does not exist. */
    readonly actual: number,
  ) {
    super(`Stream ${stream} is at revision ${actual}, not ${expected}`, { stream, expected, actual });
  }
}

/** What stands for the fingerprint of an event that the log does not hold, though it holds others of the same append. */
export const NOT_RECORDED = 'not-recorded';

/**
 * An event id that the log holds already came again with other content, in another stream, or among other events than
 * the first time. Both are named; neither is lost.
 */
export class ContentConflict extends DomainError {
  readonly code = 'content-differs';

  constructor(
    readonly stream: string,
    readonly eventId: string,
    /** NOT_RECORDED when the append came in part before, and this event was not in that part. */
    readonly recordedFingerprint: string,
    readonly offeredFingerprint: string,
    /** The stream that holds the event. */
    readonly recordedStream: string = stream,
  ) {
    super(`Event ${eventId} is recorded with other content`, {
      stream,
      eventId,
      recordedFingerprint,
      offeredFingerprint,
      recordedStream,
    });
  }
}

/** An append that no engine could store, whatever the log holds: a mistake of the caller, who must not repeat it. */
export class InvalidAppend extends DomainError {
  readonly code = 'invalid-append';

  constructor(
    readonly stream: string,
    readonly problem: string,
  ) {
    super(`An append to stream ${JSON.stringify(stream)} cannot be stored: ${problem}`, { stream, problem });
  }
}

/** The engine could not be reached or did not answer; the outcome is unknown. Repeating the same append is safe. */
export class StoreUnavailable extends DomainError {
  readonly code: 'store-unavailable' | 'store-overloaded' = 'store-unavailable';

  constructor(message: string, options?: { cause: unknown }) {
    super(message);
    if (options) this.cause = options.cause;
  }
}

/** So many appends wait already that this one was turned away. Nothing of it was written. */
export class StoreOverloaded extends StoreUnavailable {
  override readonly code = 'store-overloaded';
}

/** What was asked for is beyond the engine, or beyond the version of it that is connected. Nothing was written. */
export class UnsupportedByEngine extends DomainError {
  readonly code = 'unsupported-by-engine';

  constructor(
    readonly feature: string,
    readonly engine: string,
  ) {
    super(`${engine} cannot do this: ${feature}`, { feature, engine });
  }
}

/** Two contexts, or two places of one, give the same name to an event. */
export class DuplicateEventType extends DomainError {
  readonly code = 'duplicate-event-type';

  constructor(readonly type: string) {
    super(`Two event types are called ${type}`, { type });
  }
}

/** A version of an event cannot be read any more: there is no upcaster for each version below the present one. */
export class IncompleteUpcasters extends DomainError {
  readonly code = 'incomplete-upcasters';

  constructor(
    readonly type: string,
    readonly schemaVersion: number,
    readonly upcasters: number,
  ) {
    super(
      `${type} is at version ${schemaVersion} and has ${upcasters} upcasters: it needs one for each older version`,
      {
        type,
        schemaVersion,
        upcasters,
      },
    );
  }
}

/** An event type that nobody registered. */
export class UnknownEventType extends DomainError {
  readonly code = 'unknown-event-type';

  constructor(readonly type: string) {
    super(`No event type ${type} is registered`, { type });
  }
}

/** An event written by a newer Mizan than this one. */
export class UnknownSchemaVersion extends DomainError {
  readonly code = 'unknown-schema-version';

  constructor(
    readonly type: string,
    readonly schemaVersion: number,
    readonly newestKnown: number,
  ) {
    super(`${type} is stored in version ${schemaVersion}; this Mizan knows versions up to ${newestKnown}`, {
      type,
      schemaVersion,
      newestKnown,
    });
  }
}
