import { PassThrough } from 'node:stream';
import { type Filter, type JSONEventData, type ReadPosition } from '@kurrent/kurrentdb-client';
import { type ClientFactory, type KurrentDbClient } from './kurrentdb-client.js';

interface StoredEvent {
  readonly streamId: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly position: bigint;
}

type StreamState = 'no_stream' | bigint;

/** A record takes so many bytes at least: positions have gaps. */
const RECORD_BYTES = 120n;

/**
 * A server as EventStoreDB 24.6 was seen to behave, for tests of the engine where there is none: it compares only the
 * ids of events, and only at the same revision of the same stream; it reads from a position on, inclusively; and what it
 * is asked from a place between two events it calls itself unavailable. It holds events of others as well.
 */
export class SimulatedServer {
  private readonly log: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  /** Where in the log the event at a position is. */
  private readonly places = new Map<bigint, number>();
  private end = 0n;
  private readonly subscribers = new Map<PassThrough, (event: StoredEvent) => boolean>();

  /** @param version what it says of itself; from 25.1 on it appends to several streams at once */
  constructor(private readonly version: string) {
    this.write('$settings', [{ id: crypto.randomUUID(), type: '$metadata', data: '{}', metadata: '' }]);
  }

  readonly factory: ClientFactory = { hosts: 'nowhere', newClient: () => this.client() };

  private client(): KurrentDbClient {
    const client = {
      capabilities: Promise.resolve({ serverVersion: this.version }),
      appendToStream: async (
        stream: string,
        events: JSONEventData[],
        { streamState }: { streamState: StreamState },
      ) => {
        await soon();
        const [last] = this.append([{ stream, events, streamState }]);
        return { success: true, nextExpectedRevision: 0n, position: { commit: last, prepare: last } };
      },
      multiStreamAppend: async (
        requests: { streamName: string; expectedState: StreamState; events: JSONEventData[] }[],
      ) => {
        await soon();
        this.append(
          requests.map(({ streamName: stream, expectedState: streamState, events }) => ({
            stream,
            events,
            streamState,
          })),
        );
        return { position: this.end, responses: [] };
      },
      readStream: (stream: string, options: ReadStreamOptions) => this.readStream(stream, options),
      readAll: (options: ReadAllOptions) => this.readAll(options),
      subscribeToAll: ({ filter }: { filter: Filter }) => this.subscribe(filter),
      dispose: () => Promise.resolve(),
    };
    return client as unknown as KurrentDbClient;
  }

  /** All or nothing. Returns where the last event of each is. */
  private append(
    appends: readonly { stream: string; events: readonly JSONEventData[]; streamState: StreamState }[],
  ): readonly bigint[] {
    const known = appends.map(({ stream, events, streamState }) => this.find(stream, events, streamState));
    if (known.every((place) => place !== undefined)) return known;
    return appends.map(
      ({ stream, events }, n) =>
        known[n] ??
        this.write(
          stream,
          events.map(({ id, type, data, metadata }) => ({
            id,
            type,
            data: JSON.stringify(data),
            metadata: JSON.stringify(metadata),
          })),
        ),
    );
  }

  /** Where the events are already at this revision; undefined when they may be written. */
  private find(stream: string, events: readonly JSONEventData[], streamState: StreamState): bigint | undefined {
    const there = this.streams.get(stream) ?? [];
    const first = streamState === 'no_stream' ? 0 : Number(streamState) + 1;
    if (first === there.length) return undefined;
    const last = there[first + events.length - 1];
    if (last && events.every(({ id }, n) => there[first + n]?.id === id)) return last.position;
    const actualState = there.length === 0 ? 'no_stream' : BigInt(there.length - 1);
    throw Object.assign(new Error(''), { type: 'wrong-expected-version', actualState });
  }

  private write(streamId: string, events: readonly Pick<StoredEvent, 'id' | 'type' | 'data' | 'metadata'>[]): bigint {
    const stream = this.streams.get(streamId) ?? [];
    this.streams.set(streamId, stream);
    for (const event of events) {
      this.end += RECORD_BYTES + BigInt(event.data.length);
      const stored = { ...event, streamId, revision: stream.length, position: this.end };
      stream.push(stored);
      this.places.set(stored.position, this.log.push(stored) - 1);
      for (const [subscriber, isWanted] of this.subscribers) if (isWanted(stored)) subscriber.write(resolved(stored));
    }
    return this.end;
  }

  private async *readStream(stream: string, { fromRevision, direction, maxCount }: ReadStreamOptions) {
    await soon();
    const there = this.streams.get(stream) ?? [];
    if (there.length === 0) throw Object.assign(new Error(''), { type: 'stream-not-found' });
    const wanted =
      direction === 'forwards'
        ? there.filter(({ revision }) => revision >= fromRevision)
        : there.filter(({ revision }) => revision <= fromRevision).toReversed();
    for (const event of wanted.slice(0, maxCount)) yield resolved(event);
  }

  private async *readAll({ fromPosition = 'start', direction, maxCount, filter }: ReadAllOptions) {
    await soon();
    const ordered = direction === 'backwards' ? this.log.toReversed() : this.log.slice(this.placeOf(fromPosition));
    let given = 0;
    for (const event of ordered) {
      if (given === maxCount) return;
      if (filter && !isIn(filter, event)) continue;
      given += 1;
      yield resolved(event);
    }
  }

  private placeOf(position: ReadPosition): number {
    if (typeof position === 'string' || position.commit === 0n) return 0;
    if (position.commit > this.end) return this.log.length;
    const place = this.places.get(position.commit);
    if (place === undefined) throw Object.assign(new Error('UnavailableError'), { type: 'unavailable', _raw: {} });
    return place;
  }

  private subscribe(filter: Filter): PassThrough {
    const subscriber = new PassThrough({ objectMode: true });
    this.subscribers.set(subscriber, (event) => isIn(filter, event));
    subscriber.once('close', () => this.subscribers.delete(subscriber));
    setImmediate(() => subscriber.emit('confirmation'));
    return subscriber;
  }
}

interface ReadStreamOptions {
  readonly fromRevision: bigint;
  readonly direction: string;
  readonly maxCount: number;
}

interface ReadAllOptions {
  readonly fromPosition?: ReadPosition;
  readonly direction?: string;
  readonly maxCount: number;
  readonly filter?: Filter;
}

function resolved({ data, metadata, position, revision, ...event }: StoredEvent) {
  return {
    event: {
      ...event,
      revision: BigInt(revision),
      data: JSON.parse(data) as unknown,
      metadata: metadata === '' ? undefined : (JSON.parse(metadata) as unknown),
      isJson: true,
      position: { commit: position, prepare: position },
    },
  };
}

function isIn(filter: Filter, { streamId, type }: StoredEvent): boolean {
  const text = filter.filterOn === 'streamName' ? streamId : type;
  if ('prefixes' in filter) return filter.prefixes.some((prefix) => text.startsWith(prefix));
  // The end of the text is \z in .NET and $ here.
  return new RegExp(filter.regex.replace(/\\z$/, '$')).test(text);
}

/** A server answers later, and to all that was asked in one turn in its order. */
function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
