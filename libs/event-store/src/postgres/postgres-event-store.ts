import { StoreUnavailable } from '../event-store.errors.js';
import {
  EventStore,
  EVENTS_PER_APPEND_MAX,
  START,
  type Append,
  type AppendResult,
  type Position,
  type ReadAll,
  type ReadStream,
  type RecordedEvent,
} from '../event-store.js';
import { GroupCommit } from '../group-commit.js';
import { prepareAppend, prepareBatch, type PreparedAppend } from '../prepared-append.js';
import { logBounds, streamBounds } from '../read-bounds.js';
import { AppendListener } from './append-listener.js';
import { appendStatement, resultsOf, type AppendRow } from './append-statement.js';
import { PostgresPool } from './postgres-pool.js';
import {
  headStatement,
  readAllStatement,
  readStreamStatement,
  recordedEvent,
  type EventRow,
} from './read-statements.js';

/** Events that share a transaction at most. */
const COMMIT_EVENTS_MAX = EVENTS_PER_APPEND_MAX;
const COMMIT_BYTES_MAX = 8 * 1024 * 1024;
/** One is being written while the next is sent and waits for the lock: more would only wait. */
const COMMITS_MAX = 2;
const CALLERS_PER_COMMIT_MIN = 16;
const CALLERS_MAX = 20_000;
const QUEUED_BYTES_MAX = 256 * 1024 * 1024;
const APPEND_MS_MAX = 10_000;
const READ_MS_MAX = 30_000;
const READERS_DEFAULT = 8;

export interface PostgresEventStoreOptions {
  /** Connections for reading, at most. Appends have two of their own, and listeners share one. */
  readonly poolSize?: number;
  /** How long a transaction of appends may take before its callers are told that the store is unavailable. */
  readonly appendMsMax?: number;
}

/** What one caller brings: one append, or a stretch of a batch. */
interface Share {
  readonly appends: readonly PreparedAppend[];
  readonly events: number;
  readonly bytes: number;
}

/**
 * The log on PostgreSQL. Appends of all callers of this process share transactions; of all processes, one at a time is
 * written, so that positions rise without gaps in the order in which transactions become visible.
 */
export class PostgresEventStore extends EventStore {
  private readonly writers: PostgresPool;
  private readonly readers: PostgresPool;
  private readonly commits: GroupCommit<Share, readonly AppendResult[]>;
  private readonly listener: AppendListener;

  private constructor(
    url: string,
    { poolSize = READERS_DEFAULT, appendMsMax = APPEND_MS_MAX }: PostgresEventStoreOptions,
  ) {
    super();
    this.writers = new PostgresPool(url, { connectionsMax: COMMITS_MAX, statementMsMax: appendMsMax });
    this.readers = new PostgresPool(url, { connectionsMax: poolSize, statementMsMax: READ_MS_MAX });
    this.listener = new AppendListener(url);
    this.commits = new GroupCommit((shares) => this.commit(shares), {
      batchEventsMax: COMMIT_EVENTS_MAX,
      batchBytesMax: COMMIT_BYTES_MAX,
      commitsMax: COMMITS_MAX,
      callersPerCommitMin: CALLERS_PER_COMMIT_MIN,
      callersMax: CALLERS_MAX,
      queuedBytesMax: QUEUED_BYTES_MAX,
    });
  }

  /**
   * @param url of a database in which `eventStoreMigrations` have been run
   * @throws StoreUnavailable when the server cannot be reached
   */
  static async open(url: string, options: PostgresEventStoreOptions = {}): Promise<PostgresEventStore> {
    const store = new PostgresEventStore(url, options);
    try {
      await store.head();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Waits for the appends under way, then lets go of the database. Whatever comes later is StoreUnavailable. */
  async close(): Promise<void> {
    await this.listener.close();
    await this.commits.close();
    await Promise.all([this.writers.end(), this.readers.end()]);
  }

  override async append(append: Append): Promise<AppendResult> {
    const [result] = await this.commits.add(shareOf([prepareAppend(append)]));
    if (!result) throw new StoreUnavailable('The append was not answered');
    return result;
  }

  override async appendBatch(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = [];
    // One stretch after the other: two under way could overtake each other.
    for (const share of sharesOf(prepareBatch(appends))) results.push(...(await this.commits.add(share)));
    return results;
  }

  override async readStream(stream: string, options?: ReadStream): Promise<readonly RecordedEvent[]> {
    const rows = await this.readers.query<EventRow>(readStreamStatement(stream, streamBounds(options)));
    return rows.map(recordedEvent);
  }

  override async readAll(options: ReadAll): Promise<readonly RecordedEvent[]> {
    const rows = await this.readers.query<EventRow>(readAllStatement(logBounds(options)));
    return rows.map(recordedEvent);
  }

  override async head(): Promise<Position> {
    const [last] = await this.readers.query<Pick<EventRow, 'position'>>(headStatement());
    return last?.position ?? START;
  }

  override onAppended(wake: () => void): () => void {
    return this.listener.add(wake);
  }

  private async commit(shares: readonly Share[]): Promise<readonly (readonly AppendResult[])[]> {
    const appends = shares.flatMap((share) => share.appends);
    const rows = await this.writers.query<AppendRow>(appendStatement(appends));
    const results = [...resultsOf(appends, rows)];
    return shares.map((share) => results.splice(0, share.appends.length));
  }
}

function shareOf(appends: readonly PreparedAppend[]): Share {
  return {
    appends,
    events: appends.reduce((sum, { events }) => sum + events.length, 0),
    bytes: appends.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Cuts a batch into stretches that fit into a commit each. */
function sharesOf(appends: readonly PreparedAppend[]): readonly Share[] {
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
