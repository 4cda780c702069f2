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

/** An event id that the log holds already came again with other content. Both are named; neither is lost. */
export class ContentConflict extends DomainError {
  readonly code = 'content-differs';

  constructor(
    readonly stream: string,
    readonly eventId: string,
    readonly recordedFingerprint: string,
    readonly offeredFingerprint: string,
  ) {
    super(`Event ${eventId} is recorded with other content`, {
      stream,
      eventId,
      recordedFingerprint,
      offeredFingerprint,
    });
  }
}

/** The engine could not be reached or did not answer; the outcome is unknown. Repeating the same append is safe. */
export class StoreUnavailable extends DomainError {
  readonly code = 'store-unavailable';

  constructor(message: string, options?: { cause: unknown }) {
    super(message);
    if (options) this.cause = options.cause;
  }
}
