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

/** The checkpoints are of another number of partitions than the projection has now. A rebuild makes them anew. */
export class PartitionsChanged extends DomainError {
  readonly code = 'partitions-changed';

  constructor(projection: string, served: number, partitions: number) {
    super(`${projection} is served in ${served} partitions, and this process has ${partitions}: rebuild it`, {
      projection,
      served,
      partitions,
    });
  }
}

/** Only the event that keeps a projection from going on may be set aside. */
export class NotStoppedAtEvent extends DomainError {
  readonly code = 'projection-not-stopped-at-event';

  constructor(projection: string, eventId: string, failedEventIds: readonly string[]) {
    const where = failedEventIds.length === 0 ? 'it has not stopped' : `it stopped at ${failedEventIds.join(', ')}`;
    super(`${projection} has not stopped at event ${eventId}: ${where}`, { projection, eventId, failedEventIds });
  }
}

/** Whoever sets an event aside must say why, for those who ask years later. */
export class UnfitParkingReason extends DomainError {
  readonly code = 'unfit-parking-reason';

  constructor(lengthMin: number, lengthMax: number) {
    super(`A reason of ${lengthMin} to ${lengthMax} characters must be given`, { lengthMin, lengthMax });
  }
}

/** The projection does not leave this event out. */
export class NotParked extends DomainError {
  readonly code = 'event-not-parked';

  constructor(projection: string, eventId: string) {
    super(`Event ${eventId} is not parked for ${projection}`, { projection, eventId });
  }
}

/** An event was parked or taken back while tables were filled with, or without, it. */
export class ParkedEventsChanged extends DomainError {
  readonly code = 'parked-events-changed';

  constructor(projection: string) {
    super(`Events of ${projection} were parked or taken back during the rebuild: start it again`, { projection });
  }
}

/** What went wrong, in words, whatever was thrown: of some things not even that can be told. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  try {
    return String(error);
  } catch {
    return 'something that has no words for itself';
  }
}
