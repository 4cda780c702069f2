import { StoreUnavailable } from '../event-store.errors.js';
import { type Position } from '../event-store.js';
import { streamBounds } from '../read-bounds.js';
import { Bounded } from './bounded.js';
import { type Claim } from './claim-index.js';
import { eventData, type LoggedEvent, type LogNames } from './event-mapping.js';
import { type KurrentDbClient } from './kurrentdb-client.js';
import { type KurrentDbConnection } from './kurrentdb-connection.js';
import { isOfType } from './kurrentdb.errors.js';
import { type LogReader } from './log-reader.js';

/**
 * Appends under way at once. All of a client go over one stream to the server, on which the client may wait for room
 * from the 16th on; those that wait when the connection is lost are rejected where nobody listens, which ends the
 * process (client 1.3.1, utils/backpressuredWrite.js).
 */
const APPENDS_AT_ONCE_MAX = 15;
/** Longer than any that was seen, a commit on three nodes included; the server gives up at the same time. */
const DEADLINE_MS = 3_000;
/** The server's answer that time is up comes before we stop waiting for one. */
const ATTEMPT_MS_MAX = 4_000;
/** The client's deadline for such a call, 10 s, cannot be chosen. */
const TOGETHER_MS_MAX = 11_000;

/** What became of an append at the revision at which it was sent. */
export type Written =
  | { readonly outcome: 'written'; readonly position: Position }
  /** It is not there and never will be: the stream is elsewhere. */
  | { readonly outcome: 'refused'; readonly actual: number };

/** Where an append is, or is to be. */
export interface ClaimedPlace {
  readonly stream: string;
  readonly firstId: string;
  readonly firstRevision: number;
  readonly lastRevision: number;
}

/** What is in a stream at the place for which events were claimed. */
export interface Place {
  readonly state: 'written' | 'taken' | 'free';
  readonly events: readonly LoggedEvent[];
}

/** Sends appends to the server, always at an explicit revision: only then is a repeat known to be one. */
export class LogWriter {
  private readonly underWay = new Bounded(APPENDS_AT_ONCE_MAX);
  private readonly firstOf = new WeakMap<KurrentDbClient, Promise<unknown>>();

  constructor(
    private readonly connection: KurrentDbConnection,
    private readonly reader: LogReader,
    private readonly names: LogNames,
  ) {}

  /**
   * Sends an append, and again while the server does not answer. Those that are sent in one turn of the event loop are
   * written in their order, as long as the connection holds.
   * @param until on the clock of `performance.now()`; afterwards nothing is sent any more
   * @throws StoreUnavailable when its outcome is unknown
   */
  async write(claim: Claim, until: number): Promise<Written> {
    const stream = this.names.onServer(claim.append.stream);
    const events = claim.append.events.map((event) => eventData(event, claim.recordedAtMs));
    const options = { streamState: streamStateOf(claim), requiresLeader: true, deadline: DEADLINE_MS };
    let refused: Written;
    let attempts = 0;
    try {
      const { position } = await this.underWay.run(() => {
        if (performance.now() > until)
          throw new StoreUnavailable('KurrentDB is too slow to take all appends that wait');
        const send = (client: KurrentDbClient) => {
          attempts += 1;
          return this.inOrder(client, () => client.appendToStream(stream, events, options));
        };
        return this.connection.call(send, { attemptMsMax: ATTEMPT_MS_MAX, until });
      });
      if (!position) throw new Error('The server does not say where it wrote an append');
      return { outcome: 'written', position: String(position.commit) };
    } catch (error) {
      const actual = actualRevision(error);
      if (actual === undefined) throw error;
      refused = { outcome: 'refused', actual };
    }
    if (attempts === 1) return refused;
    // An attempt that was not answered may have arrived.
    const { state, events: there } = await this.placeOf(placeOf(claim));
    const position = there.at(-1)?.event.position;
    return state === 'written' && position !== undefined ? { outcome: 'written', position } : refused;
  }

  /**
   * The same for appends to several streams, all or none; one place for each. The server tells only the revisions, so
   * the positions are read. undefined when one of them was refused. @throws StoreUnavailable
   */
  async writeTogether(claims: readonly Claim[], until: number): Promise<readonly Position[] | undefined> {
    const requests = claims.map((claim) => ({
      streamName: this.names.onServer(claim.append.stream),
      expectedState: streamStateOf(claim),
      events: claim.append.events.map((event) => eventData(event, claim.recordedAtMs)),
    }));
    try {
      await this.connection.call((client) => client.multiStreamAppend(requests), {
        attemptMsMax: TOGETHER_MS_MAX,
        until,
      });
    } catch (error) {
      if (actualRevision(error) === undefined) throw error;
    }
    const places = await Promise.all(claims.map((claim) => this.placeOf(placeOf(claim))));
    const positions = places.flatMap(({ state, events }) =>
      state === 'written' ? (events.at(-1)?.event.position ?? []) : [],
    );
    return positions.length === claims.length ? positions : undefined;
  }

  /** What is where events were claimed to be. An append is there as a whole or not at all. @throws StoreUnavailable */
  async placeOf({ stream, firstRevision, lastRevision, firstId }: ClaimedPlace): Promise<Place> {
    const bounds = streamBounds({ from: firstRevision, max: lastRevision - firstRevision + 1 });
    const events = await this.reader.readStream(stream, bounds);
    if (events.length === 0) return { state: 'free', events };
    return { state: events[0]?.event.id === firstId ? 'written' : 'taken', events };
  }

  /**
   * The first append of a client opens the stream over which all go; the client lets those overtake it that are sent in
   * the meantime.
   */
  private async inOrder<T>(client: KurrentDbClient, send: () => Promise<T>): Promise<T> {
    const first = this.firstOf.get(client);
    if (first) {
      await first;
      return send();
    }
    const sent = send();
    this.firstOf.set(
      client,
      sent.catch(() => undefined),
    );
    return sent;
  }
}

function streamStateOf({ firstRevision }: Claim): 'no_stream' | bigint {
  return firstRevision === 0 ? 'no_stream' : BigInt(firstRevision - 1);
}

export function placeOf({ append: { stream, events }, firstRevision }: Claim): ClaimedPlace {
  return { stream, firstId: events[0]?.id ?? '', firstRevision, lastRevision: firstRevision + events.length - 1 };
}

/** The last revision of the stream that was not as expected; undefined for any other error. */
function actualRevision(error: unknown): number | undefined {
  if (!isOfType(error, 'wrong-expected-version') || !('actualState' in error)) return undefined;
  return typeof error.actualState === 'bigint' ? Number(error.actualState) : -1;
}
