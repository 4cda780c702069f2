import { type AllStreamResolvedEvent, type Filter, type ResolvedEvent } from '@kurrent/kurrentdb-client';
import { START, type Position, type ReadAll } from '../event-store.js';
import { streamBounds, type StreamBounds } from '../read-bounds.js';
import { loggedEvent, type LoggedEvent, type LogNames } from './event-mapping.js';
import { type KurrentDbClient } from './kurrentdb-client.js';
import { type CallLimits, type KurrentDbConnection } from './kurrentdb-connection.js';
import { isOfType } from './kurrentdb.errors.js';

const READ: CallLimits = { attemptMsMax: 30_000 };
/** The server may have to walk the whole log for what is rare: 700,000 events/s were measured. */
const FILTERED_READ: CallLimits = { attemptMsMax: 300_000 };
/** How often a read must fail, and another succeed right after it, until the position that was read from is to blame. */
const BLAMES_MAX = 3;

/** A follower could be behind what was answered. */
const OF_LEADER = { requiresLeader: true } as const;

interface Page {
  /** Events of the log, in order. */
  readonly events: readonly LoggedEvent[];
  /** How many events the server gave, others' included. */
  readonly read: number;
  /** Where the last of them is. */
  readonly last: Position | undefined;
}

/** Reads one log of a server: what is not of it is passed over. */
export class LogReader {
  constructor(
    private readonly connection: KurrentDbConnection,
    private readonly names: LogNames,
  ) {}

  /** A stream that does not exist is empty. @throws StoreUnavailable */
  async readStream(stream: string, { from, direction, max }: StreamBounds): Promise<readonly LoggedEvent[]> {
    const options = { ...OF_LEADER, direction, fromRevision: BigInt(from), maxCount: max };
    try {
      const read = (client: KurrentDbClient) => this.collect(client.readStream(this.names.onServer(stream), options));
      return (await this.connection.call(read, READ)).events;
    } catch (error) {
      if (isOfType(error, 'stream-not-found')) return [];
      throw error;
    }
  }

  /** The revision of a stream's last event, -1 when it does not exist. @throws StoreUnavailable */
  async tailOf(stream: string): Promise<number> {
    const [last] = await this.readStream(stream, streamBounds({ direction: 'backwards', max: 1 }));
    return last?.event.revision ?? -1;
  }

  /** @throws StoreUnavailable, RangeError for what is no position of this log */
  async readAll({ after, max, types }: ReadAll): Promise<readonly LoggedEvent[]> {
    const filter = types ? ofTypes(types) : this.ofLog();
    const events: LoggedEvent[] = [];
    for (let from = after; ;) {
      // One more, since the server begins with the event at the position itself.
      const asked = max - events.length + 1;
      const page = await this.readPage(from, asked, filter);
      events.push(...page.events.filter(({ event }) => BigInt(event.position) > BigInt(from)));
      if (events.length >= max || page.read < asked || page.last === undefined) return events.slice(0, max);
      from = page.last;
    }
  }

  /** @throws StoreUnavailable */
  async head(): Promise<Position> {
    const options = {
      ...OF_LEADER,
      direction: 'backwards',
      fromPosition: 'end',
      maxCount: 1,
      filter: this.ofLog(),
    } as const;
    const { events } = await this.connection.call((client) => this.collect(client.readAll(options)), FILTERED_READ);
    return events[0]?.event.position ?? START;
  }

  private readPage(from: Position, maxCount: number, filter: Filter): Promise<Page> {
    const commit = BigInt(from);
    const options = { ...OF_LEADER, fromPosition: { commit, prepare: commit }, maxCount, filter };
    let blames = 0;
    const read = async (client: KurrentDbClient): Promise<Page> => {
      try {
        return await this.collect(client.readAll(options));
      } catch (error) {
        // The server's answer to a position between two events is that it is unavailable.
        if (isOfType(error, 'unavailable') && (await answers(client)) && (blames += 1) === BLAMES_MAX) {
          throw new RangeError(`${from} is not a position in this log`, { cause: error });
        }
        throw error;
      }
    };
    return this.connection.call(read, FILTERED_READ);
  }

  private async collect(resolved: AsyncIterable<ResolvedEvent | AllStreamResolvedEvent>): Promise<Page> {
    const events: LoggedEvent[] = [];
    let read = 0;
    let last: Position | undefined;
    for await (const one of resolved) {
      read += 1;
      if (one.event?.position) last = String(one.event.position.commit);
      const logged = loggedEvent(one, this.names);
      if (logged) events.push(logged);
    }
    return { events, read, last };
  }

  private ofLog(): Filter {
    return { filterOn: 'streamName', prefixes: [this.names.prefix], checkpointInterval: 1 };
  }
}

/** These types exactly, in the regular expressions of .NET. */
function ofTypes(types: readonly string[]): Filter {
  const escaped = types.map((type) => type.replace(/[\\*+?|{}[\]()^$.#\s-]/gu, '\\$&'));
  return { filterOn: 'eventType', regex: `^(?:${escaped.join('|')})\\z`, checkpointInterval: 1 };
}

async function answers(client: KurrentDbClient): Promise<boolean> {
  try {
    await client.readAll({ ...OF_LEADER, maxCount: 1 }).next();
    return true;
  } catch {
    return false;
  }
}
