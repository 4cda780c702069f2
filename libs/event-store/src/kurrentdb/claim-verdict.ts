import { ContentConflict, NOT_RECORDED } from '../event-store.errors.js';
import { type Position } from '../event-store.js';
import { type PreparedAppend } from '../prepared-append.js';
import { type Claim, type ClaimedEvent } from './claim-index.js';

/** What the index says of an append that was offered to it. */
export type Verdict =
  /** None of its events is known: they are claimed now, if they were to be. */
  | { readonly kind: 'new' }
  /** All of it is recorded; the position is undefined when the index does not know it of the last event. */
  | { readonly kind: 'duplicate'; readonly revision: number; readonly position: Position | undefined }
  | { readonly kind: 'conflict'; readonly error: ContentConflict }
  /** The very same append was claimed before, and nobody has said what became of it. */
  | { readonly kind: 'repeat'; readonly claim: Claim; readonly ageMs: number }
  /** Other appends have claimed its events, and nobody has said what became of them: one event of each. */
  | { readonly kind: 'blocked'; readonly by: readonly ClaimedEvent[] };

export function verdictOn(append: PreparedAppend, known: ReadonlyMap<string, ClaimedEvent>): Verdict {
  const offered = append.events.map((event) => ({ ...event, claimed: known.get(event.id) }));
  const claimed = offered.flatMap((event) => event.claimed ?? []);
  const [first] = claimed;
  if (first === undefined) return { kind: 'new' };

  const contradicting = offered.filter(
    (event) => event.claimed?.fingerprint !== event.fingerprint || event.claimed.stream !== append.stream,
  );
  const contradicted = contradicting.find((event) => event.claimed?.position !== undefined);
  const pending = claimed.filter(({ position }) => position === undefined);
  if (contradicted === undefined && pending.length > 0) {
    const { firstRevision, recordedAtMs, ageMs } = first;
    if (contradicting.length === 0 && isWhole(append, claimed)) {
      return { kind: 'repeat', claim: { append, firstRevision, recordedAtMs }, ageMs };
    }
    return { kind: 'blocked', by: [...new Map(pending.map((event) => [event.firstId, event])).values()] };
  }

  const contradiction = contradicted ?? contradicting[0];
  if (contradiction === undefined) return duplicateOf(claimed, first);
  const { id, fingerprint, claimed: recorded } = contradiction;
  const recordedFingerprint = recorded?.fingerprint ?? NOT_RECORDED;
  const error = new ContentConflict(append.stream, id, recordedFingerprint, fingerprint, recorded?.stream);
  return { kind: 'conflict', error };
}

/** Whether the events were claimed by this very append: the same, in the same order, and no others. */
function isWhole({ events }: PreparedAppend, claimed: readonly ClaimedEvent[]): boolean {
  return claimed.every(
    ({ firstId, revision, firstRevision, lastRevision, position }, place) =>
      position === undefined &&
      firstId === events[0]?.id &&
      revision === firstRevision + place &&
      lastRevision === firstRevision + events.length - 1,
  );
}

function duplicateOf(claimed: readonly ClaimedEvent[], first: ClaimedEvent): Verdict {
  const last = claimed.reduce((later, event) => (event.revision > later.revision ? event : later), first);
  // Of an append of several events the index knows only where it ends.
  const position = last.revision === last.lastRevision ? last.position : undefined;
  return { kind: 'duplicate', revision: last.revision, position };
}
