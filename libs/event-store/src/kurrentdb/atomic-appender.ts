import { setTimeout as pause } from 'node:timers/promises';
import { atomicResult, type Verdict as EngineVerdict } from '../atomic-append.js';
import { RevisionConflict, StoreUnavailable } from '../event-store.errors.js';
import { type AtomicAppendResult } from '../event-store.js';
import { type PreparedAppend } from '../prepared-append.js';
import { ROUND_MS_MAX, OTHERS_MS_MAX, type Appender, type PendingClaim } from './appender.js';
import { type Claim, type ClaimIndex, type Offer } from './claim-index.js';
import { verdictOn, type Verdict } from './claim-verdict.js';
import { placeOf, type LogWriter } from './log-writer.js';

const LOOK_AGAIN_MS = 20;

/** Brings appends to several streams into the log, all or none. Their events are claimed like those of any append. */
export class AtomicAppender {
  constructor(
    private readonly index: ClaimIndex,
    private readonly writer: LogWriter,
    private readonly appender: Appender,
  ) {}

  /** @throws StoreUnavailable */
  async settle(appends: readonly PreparedAppend[]): Promise<AtomicAppendResult> {
    const until = performance.now() + ROUND_MS_MAX;
    while (performance.now() <= until) {
      const result = await this.offer(appends, until);
      if (result) return result;
      await pause(LOOK_AGAIN_MS);
    }
    throw new StoreUnavailable('Other appends to the same streams, or of the same events, are still under way');
  }

  /** undefined when they are to be offered anew: what is known has changed, or may change soon. */
  private async offer(appends: readonly PreparedAppend[], until: number): Promise<AtomicAppendResult | undefined> {
    const offers = await Promise.all(appends.map((append) => this.appender.offerOf({ append, tail: undefined })));
    const recordedAtMs = this.appender.recordedAtMs();
    const known = await this.index.claim(offers, recordedAtMs);
    const verdicts = offers.map(({ append }) => verdictOn(append, known));
    const claims = offers.flatMap((offer, n) => (verdicts[n]?.kind === 'new' ? claimOf(offer, recordedAtMs) : []));
    if (claims.length === offers.length) return this.write(claims, until);

    await this.index.release(claims.map(placeOf));
    const repeats = verdicts.flatMap((verdict) => (verdict.kind === 'repeat' ? [verdict] : []));
    const areAbandoned = repeats.every(({ ageMs }) => ageMs > OTHERS_MS_MAX);
    if (repeats.length === offers.length && areAbandoned) {
      const written = await this.write(
        repeats.map(({ claim }) => claim),
        until,
      );
      return written?.outcome === 'appended' ? { ...written, outcome: 'duplicate' } : undefined;
    }
    const pending = verdicts.flatMap((verdict) => pendingOf(verdict));
    if (pending.length > 0) {
      await this.appender.unblock(pending);
      return undefined;
    }
    return atomicResult(appends, await Promise.all(offers.map((offer, n) => this.judge(offer, verdicts[n]))));
  }

  private async write(claims: readonly Claim[], until: number): Promise<AtomicAppendResult | undefined> {
    const positions = await this.writer.writeTogether(claims, until);
    if (positions) {
      const written = claims.flatMap((claim, n) =>
        positions[n] === undefined ? [] : { claim, position: positions[n] },
      );
      await this.index.recordAppends(written);
      return {
        outcome: 'appended',
        appends: written.map(({ claim, position }) => ({ position, revision: placeOf(claim).lastRevision })),
      };
    }
    await this.index.release(claims.map(placeOf));
    return this.misfitOf(claims);
  }

  /** The first that was not expected to be where its stream is; undefined when the streams fit by now, or may move. */
  private async misfitOf(claims: readonly Claim[]): Promise<AtomicAppendResult | undefined> {
    for (const [index, { append, firstRevision }] of claims.entries()) {
      if (append.expected === 'any' || append.expected === 'stream-exists') continue;
      const actual = await this.appender.tailOf(append.stream);
      if (actual === firstRevision - 1) continue;
      return { outcome: 'conflict', index, error: new RevisionConflict(append.stream, append.expected, actual) };
    }
    return undefined;
  }

  /** What one of several appends that are not written together would be told by itself. */
  private async judge({ append, firstRevision }: Offer, verdict: Verdict | undefined): Promise<EngineVerdict> {
    if (verdict?.kind === 'duplicate') return this.appender.duplicate(append.stream, verdict);
    if (verdict?.kind === 'conflict') return { outcome: 'conflict', error: verdict.error };
    const { expected, stream } = append;
    const tail = await this.appender.tailOf(stream);
    const fits = firstRevision !== undefined && (expected === 'any' || firstRevision === tail + 1);
    return fits
      ? { outcome: 'withheld' }
      : { outcome: 'conflict', error: new RevisionConflict(stream, expected, tail) };
  }
}

function claimOf({ append, firstRevision }: Offer, recordedAtMs: number): readonly Claim[] {
  return firstRevision === undefined ? [] : [{ append, firstRevision, recordedAtMs }];
}

function pendingOf(verdict: Verdict): readonly PendingClaim[] {
  if (verdict.kind === 'blocked') return verdict.by;
  return verdict.kind === 'repeat' ? [{ ...placeOf(verdict.claim), ageMs: verdict.ageMs }] : [];
}
