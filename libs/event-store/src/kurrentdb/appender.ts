import { setTimeout as pause } from 'node:timers/promises';
import { roundsOf } from '../append-rounds.js';
import { RevisionConflict, StoreUnavailable } from '../event-store.errors.js';
import { type AppendResult, type Position } from '../event-store.js';
import { type PreparedAppend } from '../prepared-append.js';
import { streamBounds } from '../read-bounds.js';
import { type Claim, type ClaimIndex, type Offer } from './claim-index.js';
import { verdictOn, type Verdict } from './claim-verdict.js';
import { type LogReader } from './log-reader.js';
import { placeOf, type ClaimedPlace, type LogWriter } from './log-writer.js';

/** How long a round of appends goes on; what is not settled then is StoreUnavailable. */
export const ROUND_MS_MAX = 10_000;
/**
 * A claim that is younger is left to whoever made it: the server leaves a repeat unanswered while the first attempt is
 * not yet on enough nodes (24.6, IdempotentNotReady).
 */
export const OTHERS_MS_MAX = 1_000;
/** After this long nothing that was sent for a claim arrives any more, and its event id is free for other content. */
const CLAIM_MS_MAX = 60_000;
const LOOK_AGAIN_MS = 20;

/** The answer to one append; an error when its outcome is unknown. */
export type Settled = AppendResult | StoreUnavailable;

/** How far an append has come. */
type Step =
  | { readonly kind: 'settled'; readonly result: Settled }
  /** It is in the log; the index has yet to take note. */
  | { readonly kind: 'written'; readonly claim: Claim; readonly position: Position; readonly isNew: boolean }
  /** To be offered anew: what is known has changed, or may change soon. `tail` is where its stream ends by now. */
  | { readonly kind: 'again'; readonly tail?: number; readonly afterMs: number };

interface Undecided {
  readonly append: PreparedAppend;
  /** Where its stream ends, if that was asked. */
  readonly tail: number | undefined;
}

/** A claim of which nobody has said what became of it. */
export interface PendingClaim extends ClaimedPlace {
  readonly ageMs: number;
}

const AT_ONCE: Step = { kind: 'again', afterMs: 0 };
const SOON: Step = { kind: 'again', afterMs: LOOK_AGAIN_MS };

/** Brings appends into the log: each event id is claimed in PostgreSQL first, and written in KurrentDB then. */
export class Appender {
  private lastRecordedMs = 0;

  constructor(
    private readonly index: ClaimIndex,
    private readonly reader: LogReader,
    private readonly writer: LogWriter,
  ) {}

  /** One answer for each, as if they had come one after the other. @throws StoreUnavailable when none is known */
  async settle(appends: readonly PreparedAppend[]): Promise<readonly Settled[]> {
    const settled: Settled[] = [];
    for (const round of roundsOf(appends)) {
      const results = await this.settleRound(round, performance.now() + ROUND_MS_MAX);
      settled.push(...results);
      // What comes after an append of which nothing is known cannot be settled on it, nor wait as long once more.
      const [first] = results;
      if (first instanceof StoreUnavailable && results.every((result) => result instanceof StoreUnavailable)) {
        return appends.map((_, n) => settled[n] ?? first);
      }
    }
    return settled;
  }

  /** The time that events get which are appended now, in ms. It does not fall within this process. */
  recordedAtMs(): number {
    this.lastRecordedMs = Math.max(this.lastRecordedMs, Date.now());
    return this.lastRecordedMs;
  }

  private async settleRound(round: readonly PreparedAppend[], until: number): Promise<readonly Settled[]> {
    const results = new Map<PreparedAppend, Settled>();
    let undecided: readonly Undecided[] = round.map((append) => ({ append, tail: undefined }));
    while (undecided.length > 0) {
      const steps = await this.stepOn(undecided, until);
      const next: Undecided[] = [];
      let waitMs = 0;
      for (const [n, { append }] of undecided.entries()) {
        const step = steps[n];
        if (step?.kind === 'settled') results.set(append, step.result);
        else if (step?.kind === 'again') {
          next.push({ append, tail: step.tail });
          waitMs = Math.max(waitMs, step.afterMs);
        }
      }
      if (performance.now() > until) break;
      await pause(waitMs);
      undecided = next;
    }
    return round.map((append) => results.get(append) ?? contended(append));
  }

  /** Offers appends once, and sees to those that may be written. No step is 'written' any more. */
  private async stepOn(undecided: readonly Undecided[], until: number): Promise<readonly Step[]> {
    const offers = await Promise.all(undecided.map((one) => this.offerOf(one)));
    const recordedAtMs = this.recordedAtMs();
    const known = await this.index.claim(offers, recordedAtMs);
    const steps = await Promise.all(
      offers.map((offer) =>
        this.proceed(offer, verdictOn(offer.append, known), recordedAtMs, until).catch(unavailable),
      ),
    );
    await this.index.recordAppends(steps.flatMap((step) => (step.kind === 'written' ? [step] : [])));
    return steps.map((step) => (step.kind === 'written' ? settledBy(step) : step));
  }

  /** The revision of a stream's last event, -1 when it does not exist. @throws StoreUnavailable */
  tailOf(stream: string): Promise<number> {
    return this.reader.tailOf(stream);
  }

  /** At which revision an append would be written now. */
  async offerOf({ append, tail }: Undecided): Promise<Offer> {
    const { stream, expected } = append;
    if (typeof expected === 'number') return { append, firstRevision: expected + 1 };
    if (expected === 'no-stream') return { append, firstRevision: 0 };
    const last = tail ?? (await this.tailOf(stream));
    return { append, firstRevision: expected === 'stream-exists' && last === -1 ? undefined : last + 1 };
  }

  private proceed(offer: Offer, verdict: Verdict, recordedAtMs: number, until: number): Promise<Step> {
    const { append, firstRevision } = offer;
    switch (verdict.kind) {
      case 'new':
        if (firstRevision !== undefined) return this.write({ append, firstRevision, recordedAtMs }, until);
        return Promise.resolve(conflict(new RevisionConflict(append.stream, append.expected, -1)));
      case 'duplicate':
        return this.duplicate(append.stream, verdict).then((result) => ({ kind: 'settled', result }));
      case 'conflict':
        return Promise.resolve(conflict(verdict.error));
      case 'repeat':
        return this.repeat(verdict, until);
      case 'blocked':
        return this.unblock(verdict.by);
    }
  }

  private async write(claim: Claim, until: number): Promise<Step> {
    const { append } = claim;
    const written = await this.writer.write(claim, until);
    if (written.outcome === 'written') return { kind: 'written', claim, position: written.position, isNew: true };
    await this.index.release([placeOf(claim)]);
    const mayBeElsewhere = append.expected === 'any' || (append.expected === 'stream-exists' && written.actual >= 0);
    if (mayBeElsewhere) return { kind: 'again', tail: written.actual, afterMs: 0 };
    return conflict(new RevisionConflict(append.stream, append.expected, written.actual));
  }

  /** The answer to a repeat of which all is recorded. @throws StoreUnavailable */
  async duplicate(stream: string, { revision, position }: Verdict & { kind: 'duplicate' }): Promise<AppendResult> {
    if (position !== undefined) return { outcome: 'duplicate', position, revision };
    const [last] = await this.reader.readStream(stream, streamBounds({ from: revision, max: 1 }));
    if (!last) throw new Error(`Stream ${stream} has no event ${revision}, which the index has`);
    return { outcome: 'duplicate', position: last.event.position, revision };
  }

  /** Somebody, maybe this process, has begun the very same append. Whoever claimed it is the one who appended it. */
  private async repeat({ claim, ageMs }: Verdict & { kind: 'repeat' }, until: number): Promise<Step> {
    const { state, events } = await this.writer.placeOf(placeOf(claim));
    const position = events.at(-1)?.event.position;
    if (state === 'written' && position !== undefined) return { kind: 'written', claim, position, isNew: false };
    if (state === 'free') {
      if (ageMs < OTHERS_MS_MAX) return SOON;
      const written = await this.writer.write(claim, until);
      if (written.outcome === 'written') return { kind: 'written', claim, position: written.position, isNew: false };
    }
    await this.index.release([placeOf(claim)]);
    return AT_ONCE;
  }

  /** Finds out what became of other appends that have claimed the same events. @throws StoreUnavailable */
  async unblock(claims: readonly PendingClaim[]): Promise<Step> {
    const steps = await Promise.all(
      claims.map(async (claim) => {
        const { state, events } = await this.writer.placeOf(claim);
        if (state === 'written') await this.index.recordEvents(events);
        else if (state === 'taken' || claim.ageMs > CLAIM_MS_MAX) await this.index.release([claim]);
        else return SOON;
        return AT_ONCE;
      }),
    );
    return steps.find((step) => step === SOON) ?? AT_ONCE;
  }
}

function conflict(error: (AppendResult & { outcome: 'conflict' })['error']): Step {
  return { kind: 'settled', result: { outcome: 'conflict', error } };
}

function settledBy({ claim: { append, firstRevision }, position, isNew }: Step & { kind: 'written' }): Step {
  const revision = firstRevision + append.events.length - 1;
  return { kind: 'settled', result: { outcome: isNew ? 'appended' : 'duplicate', position, revision } };
}

/** Of one append nothing is known; its neighbours go on. */
function unavailable(error: unknown): Step {
  if (error instanceof StoreUnavailable) return { kind: 'settled', result: error };
  throw error;
}

function contended({ stream }: PreparedAppend): StoreUnavailable {
  return new StoreUnavailable(`Another append to stream ${stream}, or of the same events, is still under way`);
}
