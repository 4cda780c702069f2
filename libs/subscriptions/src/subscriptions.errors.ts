import { DomainError } from '#kernel';

/** How far a projection was when somebody stopped waiting for it. */
export interface BehindProjection {
  readonly name: string;
  /** null: it has not started yet. */
  readonly position: string | null;
  readonly status: 'running' | 'stopped' | 'not-started';
}

/** The read model has not reached a position in the time allowed, or cannot reach it because a projection stopped. */
export class ReadModelBehind extends DomainError {
  readonly code = 'read-model-behind';

  constructor(
    readonly position: string,
    readonly behind: readonly BehindProjection[],
  ) {
    const who = behind.map(({ name, status }) => (status === 'running' ? name : `${name} (${status})`));
    super(`The read model has not reached position ${position}: ${who.join(', ')}`, {
      position,
      behind,
    });
  }
}

/** One event that a projection cannot fold, found by folding what came before it. `cause` is why. */
export class PoisonEvent extends DomainError {
  readonly code = 'poison-event';

  constructor(
    readonly eventId: string,
    readonly eventType: string,
    readonly position: string,
    cause: unknown,
  ) {
    super(`Event ${eventId} (${eventType} at position ${position}) cannot be applied: ${reasonOf(cause)}`, {
      eventId,
      eventType,
      position,
    });
    this.cause = cause;
  }
}

/** Somebody else moved the checkpoint: what was about to be written has been or will be written by them. */
export class CheckpointMoved extends DomainError {
  readonly code = 'checkpoint-moved';

  constructor(projection: string) {
    super(`The checkpoint of ${projection} is no longer where it was`, { projection });
  }
}

/** The log ends before what the read model has folded: another log, or an older copy of it, stands behind it. */
export class ReadModelAheadOfLog extends DomainError {
  readonly code = 'read-model-ahead-of-log';

  constructor(projection: string, position: string, head: string) {
    super(`${projection} stands at position ${position}, but the log ends at ${head}: rebuild it`, {
      projection,
      position,
      head,
    });
  }
}

/** Another process is filling this projection's tables beside the ones that serve. */
export class RebuildUnderWay extends DomainError {
  readonly code = 'rebuild-under-way';

  constructor(projection: string) {
    super(`${projection} is being rebuilt by another process`, { projection });
  }
}

/** As many sets of tables as are allowed stand beside the read model. */
export class TooManyRebuilds extends DomainError {
  readonly code = 'too-many-rebuilds';

  constructor(rebuildsMax: number) {
    super(`${rebuildsMax} rebuilds or verifications are under way`, { rebuildsMax });
  }
}

/** Readers kept the tables locked each time the rebuilt ones were to take their place. */
export class SwapImpossible extends DomainError {
  readonly code = 'swap-impossible';

  constructor(projection: string, attempts: number) {
    super(`The tables of ${projection} were in use at each of ${attempts} attempts to swap them`, {
      projection,
      attempts,
    });
  }
}

/** A table that a rebuild cannot copy and swap. */
export class UnsupportedTable extends DomainError {
  readonly code = 'unsupported-table';

  constructor(table: string, findings: readonly string[]) {
    super(`Table ${table} of a projection must be a plain table: ${findings.join(', ')}`, { table, findings });
  }
}

/** There is nothing to verify: the served tables are of another version, or the projection never ran. */
export class NotServed extends DomainError {
  readonly code = 'projection-not-served';

  constructor(projection: string, version: number, servedVersion: number | null) {
    super(
      servedVersion === null
        ? `${projection} has no checkpoint: it has not run yet`
        : `${projection} is served in version ${servedVersion}, not ${version}`,
      { projection, version, servedVersion },
    );
  }
}

/** The read model knows more than the log: one of them was restored without the other. A reset fills it again. */
export class CheckpointBeyondLog extends DomainError {
  readonly code = 'checkpoint-beyond-log';

  constructor(projection: string, checkpoint: string, end: string) {
    super(`${projection} has been folded up to ${checkpoint}, but the log ends at ${end}`, {
      projection,
      checkpoint,
      end,
    });
  }
}

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
