import { COMMIT_LIMITS, shareOf, sharesOf, type Share } from '../append-shares.js';
import { atomicResult, type Verdict } from '../atomic-append.js';
import { StoreUnavailable } from '../event-store.errors.js';
import {
  EventStore,
  START,
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
import { AppendListener } from './append-listener.js';
import { appendStatement, verdictsOf, type AppendRow } from './append-statement.js';
import { PostgresPipeline } from './postgres-pipeline.js';
import { PostgresPool } from './postgres-pool.js';
import {
  headStatement,
  positionAtStatement,
  readAllStatement,
  readStreamStatement,
  recordedEvent,
  serverVersionStatement,
  type EventRow,
} from './read-statements.js';

/** One is being written while the next is on its way: more would only wait, and be smaller. */
const COMMITS_MAX = 2;
const APPEND_MS_MAX = 10_000;
const READ_MS_MAX = 30_000;
const READERS_DEFAULT = 8;

export interface PostgresEventStoreOptions {
  /** Connections for reading, at most. Appends have one of their own, and listeners share one. */
  readonly poolSize?: number;
  /** How long a transaction of appends may take before its callers are told that the store is unavailable. */
  readonly appendMsMax?: number;
}

/**
 * The log on PostgreSQL. Appends of all callers of this process share transactions; of all processes, one at a time is
 * written, so that positions rise without gaps in the order in which transactions become visible.
 */
export class PostgresEventStore extends EventStore {
  override readonly capabilities: EngineCapabilities;
  private readonly writer: PostgresPipeline;
  private readonly commits: GroupCommit<Share, readonly Verdict[]>;
  private readonly listener: AppendListener;

  private constructor(
    url: string,
    serverVersion: string,
    private readonly readers: PostgresPool,
    appendMsMax: number,
  ) {
    super();
    this.capabilities = { engine: `PostgreSQL ${serverVersion}`, atomicAppends: true, gaplessPositions: true };
    this.writer = new PostgresPipeline(url, appendMsMax);
    this.listener = new AppendListener(url);
    this.commits = new GroupCommit((shares) => this.commit(shares), { ...COMMIT_LIMITS, commitsMax: COMMITS_MAX });
  }

  /**
   * @param url of a database in which `eventStoreMigrations` have been run
   * @throws StoreUnavailable when the server cannot be reached
   */
  static async open(
    url: string,
    { poolSize = READERS_DEFAULT, appendMsMax = APPEND_MS_MAX }: PostgresEventStoreOptions = {},
  ): Promise<PostgresEventStore> {
    const readers = new PostgresPool(url, { connectionsMax: poolSize, statementMsMax: READ_MS_MAX });
    try {
      const [server] = await readers.query<{ version: string }>(serverVersionStatement());
      await readers.query(headStatement());
      return new PostgresEventStore(url, server?.version ?? '', readers, appendMsMax);
    } catch (error) {
      await readers.end();
      throw error;
    }
  }

  /** Waits for the appends under way, then lets go of the database. Whatever comes later is StoreUnavailable. */
  async close(): Promise<void> {
    await this.listener.close();
    await this.commits.close();
    await Promise.all([this.writer.end(), this.readers.end()]);
  }

  override async append(append: Append): Promise<AppendResult> {
    const [verdict] = await this.commits.add(shareOf([prepareAppend(append)]));
    return settled(verdict);
  }

  override async appendBatch(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = [];
    // One stretch after the other: two under way could overtake each other.
    for (const share of sharesOf(prepareBatch(appends))) {
      results.push(...(await this.commits.add(share)).map(settled));
    }
    return results;
  }

  override async appendAtomically(appends: readonly Append[]): Promise<AtomicAppendResult> {
    const share = shareOf(prepareAtomic(appends), { together: true });
    return atomicResult(share.appends, await this.commits.add(share));
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

  override async positionAt(recordedAt: string): Promise<Position> {
    const [found] = await this.readers.query<{ position: Position }>(positionAtStatement(instantOf(recordedAt)));
    return found?.position ?? START;
  }

  override onAppended(wake: () => void): () => void {
    return this.listener.add(wake);
  }

  private async commit(shares: readonly Share[]): Promise<readonly (readonly Verdict[])[]> {
    const rows = await this.writer.query<AppendRow>(appendStatement(shares));
    const verdicts = [
      ...verdictsOf(
        shares.flatMap((share) => share.appends),
        rows,
      ),
    ];
    return shares.map((share) => verdicts.splice(0, share.appends.length));
  }
}

/** The verdict on an append that stands for itself. */
function settled(verdict: Verdict | undefined): AppendResult {
  if (verdict === undefined || verdict.outcome === 'withheld') throw new StoreUnavailable('An append was not answered');
  return verdict;
}
