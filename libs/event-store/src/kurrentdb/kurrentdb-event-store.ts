import { COMMIT_LIMITS, shareOf, sharesOf, type Share } from '../append-shares.js';
import { atomicResult } from '../atomic-append.js';
import { StoreUnavailable, UnsupportedByEngine } from '../event-store.errors.js';
import {
  EventStore,
  type Append,
  type AppendResult,
  type AtomicAppendResult,
  type EngineCapabilities,
  type Position,
  type ReadAll,
  type ReadStream,
  type RecordedEvent,
} from '../event-store.js';
import { GroupCommit } from '../group-commit.js';
import { prepareAppend, prepareAtomic, prepareBatch } from '../prepared-append.js';
import { instantOf, logBounds, streamBounds } from '../read-bounds.js';
import { AppendHints } from './append-hints.js';
import { Appender, type Settled } from './appender.js';
import { AtomicAppender } from './atomic-appender.js';
import { ClaimIndex } from './claim-index.js';
import { LogNames, type LoggedEvent } from './event-mapping.js';
import { catchUp } from './index-catch-up.js';
import { loadClient, type ClientFactory } from './kurrentdb-client.js';
import { KurrentDbConnection, RIDE_MS_MAX } from './kurrentdb-connection.js';
import { askServer } from './kurrentdb-server.js';
import { LogReader } from './log-reader.js';
import { LogWriter } from './log-writer.js';

/** While the claims of one are written to PostgreSQL, the events of others are sent to KurrentDB. */
const COMMITS_MAX = 4;
const POOL_SIZE_DEFAULT = 4;
const OPEN_MS_MAX = 30_000;
const LOG_DEFAULT = 'mizan';

export interface KurrentDbEventStoreOptions {
  /** The name of this log among others on the same server: the first part of the names of its streams. */
  readonly log?: string;
  /** Connections to PostgreSQL, at most. */
  readonly poolSize?: number;
  /** How long to wait for a server that is not there yet. */
  readonly openMsMax?: number;
  /** How long a call is repeated while the server is away or changes its leader, before it is StoreUnavailable. */
  readonly rideMsMax?: number;
  /** Hears, for a person, what is waited for and what the server cannot do. */
  readonly onNotice?: (line: string) => void;
}

interface Parts {
  readonly connections: readonly KurrentDbConnection[];
  readonly index: ClaimIndex;
  readonly reader: LogReader;
  readonly appender: Appender;
  readonly together: AtomicAppender;
  readonly hints: AppendHints;
}

/**
 * The log on KurrentDB, or on EventStoreDB as it was called before. The ids of its events are kept in PostgreSQL as
 * well (docs/adr/0022), since that server compares them only within a stream and at the same revision. Positions rise
 * with the log, with gaps.
 */
export class KurrentDbEventStore extends EventStore {
  private readonly commits: GroupCommit<Share, readonly Settled[]>;

  private constructor(
    override readonly capabilities: EngineCapabilities,
    private readonly parts: Parts,
  ) {
    super();
    this.commits = new GroupCommit((shares) => this.commit(shares), { ...COMMIT_LIMITS, commitsMax: COMMITS_MAX });
  }

  /**
   * @param url the connection string of a server or cluster, with credentials and TLS
   * @param databaseUrl of a PostgreSQL database in which `eventStoreMigrations` have been run
   * @throws NoKurrentDbClient, InvalidKurrentDbUrl, KurrentDbAccessDenied, KurrentDbTooOld, LogDiffersFromIndex, and
   * StoreUnavailable when one of the two servers cannot be reached
   */
  static async open(
    url: string,
    databaseUrl: string,
    options: KurrentDbEventStoreOptions = {},
  ): Promise<KurrentDbEventStore> {
    return KurrentDbEventStore.openWith(await loadClient(url), databaseUrl, options);
  }

  /** The same with clients that are made elsewhere. */
  static async openWith(
    factory: ClientFactory,
    databaseUrl: string,
    {
      log = LOG_DEFAULT,
      poolSize = POOL_SIZE_DEFAULT,
      openMsMax = OPEN_MS_MAX,
      rideMsMax = RIDE_MS_MAX,
      onNotice = () => undefined,
    }: KurrentDbEventStoreOptions = {},
  ): Promise<KurrentDbEventStore> {
    const [reads, writes, subscriptions] = [
      new KurrentDbConnection(factory, rideMsMax),
      new KurrentDbConnection(factory, rideMsMax),
      new KurrentDbConnection(factory, rideMsMax),
    ];
    const names = new LogNames(log);
    const index = new ClaimIndex(databaseUrl, poolSize);
    const reader = new LogReader(reads, names);
    const writer = new LogWriter(writes, reader, names);
    const appender = new Appender(index, reader, writer);
    const parts = {
      index,
      reader,
      appender,
      together: new AtomicAppender(index, writer, appender),
      hints: new AppendHints(subscriptions, names),
      connections: [reads, writes],
    };
    try {
      const capabilities = await askServer(reads, { openMsMax, onNotice });
      await catchUp(index, reader, onNotice);
      return new KurrentDbEventStore(capabilities, parts);
    } catch (error) {
      await closeParts(parts);
      throw error;
    }
  }

  /** Waits for the appends under way, then lets go of both servers. Whatever comes later is StoreUnavailable. */
  async close(): Promise<void> {
    await this.commits.close();
    await closeParts(this.parts);
  }

  override async append(append: Append): Promise<AppendResult> {
    const [settled] = await this.commits.add(shareOf([prepareAppend(append)]));
    return resultOf(settled);
  }

  override async appendBatch(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = [];
    // One stretch after the other: two under way could overtake each other.
    for (const share of sharesOf(prepareBatch(appends))) results.push(...(await this.commits.add(share)).map(resultOf));
    return results;
  }

  override async appendAtomically(appends: readonly Append[]): Promise<AtomicAppendResult> {
    const prepared = prepareAtomic(appends);
    const [first] = prepared;
    if (first && prepared.length === 1) {
      return atomicResult(prepared, (await this.commits.add(shareOf([first]))).map(resultOf));
    }
    const { atomicAppends, engine } = this.capabilities;
    if (!atomicAppends) throw new UnsupportedByEngine('appending to several streams at once', engine);
    return this.parts.together.settle(prepared);
  }

  override async readStream(stream: string, options?: ReadStream): Promise<readonly RecordedEvent[]> {
    return eventsOf(await this.parts.reader.readStream(stream, streamBounds(options)));
  }

  override async readAll(options: ReadAll): Promise<readonly RecordedEvent[]> {
    return eventsOf(await this.parts.reader.readAll(logBounds(options)));
  }

  override async head(): Promise<Position> {
    return this.parts.reader.head();
  }

  override async positionAt(recordedAt: string): Promise<Position> {
    return this.parts.index.positionAt(instantOf(recordedAt));
  }

  override onAppended(wake: () => void): () => void {
    return this.parts.hints.add(wake);
  }

  private async commit(shares: readonly Share[]): Promise<readonly (readonly Settled[])[]> {
    const settled = [...(await this.parts.appender.settle(shares.flatMap((share) => share.appends)))];
    return shares.map((share) => settled.splice(0, share.appends.length));
  }
}

async function closeParts({ hints, connections, index }: Parts): Promise<void> {
  hints.close();
  for (const connection of connections) connection.close();
  await index.close();
}

function eventsOf(logged: readonly LoggedEvent[]): readonly RecordedEvent[] {
  return logged.map(({ event }) => event);
}

function resultOf(settled: Settled | undefined): AppendResult {
  if (settled === undefined) throw new StoreUnavailable('An append was not answered');
  if (settled instanceof StoreUnavailable) throw settled;
  return settled;
}
