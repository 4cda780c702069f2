import { EVENTS_PER_APPEND_MAX } from './event-store.js';
import { type GroupCommitLimits } from './group-commit.js';
import { type PreparedAppend } from './prepared-append.js';

/** Events that share a commit at most. */
const COMMIT_EVENTS_MAX = EVENTS_PER_APPEND_MAX;
const COMMIT_BYTES_MAX = 8 * 1024 * 1024;
const CALLERS_PER_COMMIT_MIN = 16;
const CALLERS_MAX = 20_000;
const QUEUED_BYTES_MAX = 256 * 1024 * 1024;

/** How every engine groups appends, but for the commits that it has under way at once. */
export const COMMIT_LIMITS: Omit<GroupCommitLimits, 'commitsMax'> = {
  batchEventsMax: COMMIT_EVENTS_MAX,
  batchBytesMax: COMMIT_BYTES_MAX,
  callersPerCommitMin: CALLERS_PER_COMMIT_MIN,
  callersMax: CALLERS_MAX,
  queuedBytesMax: QUEUED_BYTES_MAX,
};

/** What one caller brings to a commit: one append, a stretch of a batch, or appends that go together. */
export interface Share {
  readonly appends: readonly PreparedAppend[];
  /** Whether all of them are written or none. */
  readonly together: boolean;
  readonly events: number;
  readonly bytes: number;
}

export function shareOf(appends: readonly PreparedAppend[], { together = false } = {}): Share {
  return {
    appends,
    together,
    events: appends.reduce((sum, { events }) => sum + events.length, 0),
    bytes: appends.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Cuts a batch into stretches that fit into a commit each. */
export function sharesOf(appends: readonly PreparedAppend[]): readonly Share[] {
  const shares: Share[] = [];
  let stretch: PreparedAppend[] = [];
  let [events, bytes] = [0, 0];
  for (const append of appends) {
    events += append.events.length;
    bytes += append.bytes;
    if (stretch.length > 0 && (events > COMMIT_EVENTS_MAX || bytes > COMMIT_BYTES_MAX)) {
      shares.push(shareOf(stretch));
      stretch = [];
      [events, bytes] = [append.events.length, append.bytes];
    }
    stretch.push(append);
  }
  return stretch.length === 0 ? shares : [...shares, shareOf(stretch)];
}
