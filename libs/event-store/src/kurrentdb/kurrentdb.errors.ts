import { DomainError } from '#kernel';
import { StoreUnavailable } from '../event-store.errors.js';

/** KurrentDB was asked for, and its client or the native part of it is not installed on this machine. */
export class NoKurrentDbClient extends DomainError {
  readonly code = 'no-kurrentdb-client';

  constructor(reason: string) {
    super(
      `EVENT_STORE=kurrentdb needs the package @kurrent/kurrentdb-client with its native part, which cannot be loaded ` +
        `here: ${reason}. Install Mizan's optional dependencies (npm install --include=optional) on a platform it ` +
        `supports, or use EVENT_STORE=postgres.`,
      { reason },
    );
  }
}

/** A connection string that the client cannot read. The text is not repeated: it may hold a password. */
export class InvalidKurrentDbUrl extends DomainError {
  readonly code = 'invalid-kurrentdb-url';

  constructor() {
    super(
      'The connection string of KurrentDB cannot be read. It looks like kurrentdb://user:password@host:2113, ' +
        'kurrentdb://host1:2113,host2:2113,host3:2113 or kurrentdb+discover://cluster.name, with ?tls=false where the ' +
        'server has no TLS.',
    );
  }
}

/** The account of the connection string may not do what Mizan must: append, and read `$all`. */
export class KurrentDbAccessDenied extends DomainError {
  readonly code = 'kurrentdb-access-denied';

  constructor(readonly hosts: string) {
    super(
      `KurrentDB at ${hosts} does not let Mizan in. Check the credentials in KURRENTDB_URL; their account must be ` +
        'allowed to append and to read $all.',
      { hosts },
    );
  }
}

/** The server that answers is older than what the engine was written for. */
export class KurrentDbTooOld extends DomainError {
  readonly code = 'kurrentdb-too-old';

  constructor(
    readonly version: string,
    readonly oldest: string,
  ) {
    super(`The server is version ${version}; Mizan needs EventStoreDB ${oldest} or a later KurrentDB`, {
      version,
      oldest,
    });
  }
}

/**
 * PostgreSQL knows of an event that the log in KurrentDB does not have: it is another log, or one restored from an older
 * backup. To go on would answer `duplicate` for events that are gone.
 */
export class LogDiffersFromIndex extends DomainError {
  readonly code = 'log-differs-from-index';

  constructor(
    readonly stream: string,
    readonly position: string,
  ) {
    super(
      `This database knows an event of stream ${stream} at ${position} that the log in KurrentDB does not have there: ` +
        'it is another server or log, or one restored from an older backup. See docs/operating.md, "KurrentDB".',
      { stream, position },
    );
  }
}

/**
 * Errors of the client after which the same call may succeed, by `type`. A `not-leader` and an `unknown` are among
 * them: a server that starts, or has just lost its leader, says so in both ways.
 */
const TRANSIENT_TYPES = new Set(['unavailable', 'deadline-exceeded', 'timeout', 'cancelled', 'not-leader', 'unknown']);

/**
 * The same by gRPC status, for errors that come without a type: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED,
 * RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE.
 */
const TRANSIENT_STATUS = new Set([1, 2, 4, 8, 10, 13, 14]);

/** Errors that are our own, or mistakes of ours. */
const OURS = [DomainError, TypeError, RangeError, ReferenceError, SyntaxError];

/** A call that was given up because it was not answered in time. */
export class Unanswered extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'Unanswered';
  }
}

/**
 * Whether the same call may succeed later, so that it says nothing about what was asked. What the client and its
 * connections throw without type or status is so: a cluster without a leader, a channel or stream that was closed.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof StoreUnavailable) return true;
  if ('type' in error && typeof error.type === 'string') return TRANSIENT_TYPES.has(error.type);
  if ('code' in error && typeof error.code === 'number') return TRANSIENT_STATUS.has(error.code);
  return !OURS.some((kind) => error instanceof kind);
}

/**
 * Whether the server has said so about one append, over a connection that works: it gave up, or is not ready. The client
 * makes such errors from the answer (client 1.3.1, appendToStream/unpackError.js), all others from a failed call.
 */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && 'type' in error && !('_raw' in error && error._raw !== undefined);
}

export function isOfType(error: unknown, type: string): error is Error {
  return error instanceof Error && 'type' in error && error.type === type;
}

/** What grpc-js adds to a failed connection, empty or not. */
const RESOLUTION_NOTE = / Resolution note:.*$/s;

/** What an error of the client says in one line; its message is often empty. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const type = 'type' in error ? String(error.type) : error.name;
  return error.message === '' || error.message === error.name ? type : error.message.replace(RESOLUTION_NOTE, '');
}
