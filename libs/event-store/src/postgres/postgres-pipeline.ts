import { Client, type QueryConfig, type QueryResultRow } from 'pg';
import { StoreUnavailable } from '../event-store.errors.js';
import { asStoreError } from './postgres-errors.js';
import { connectionOptions } from './postgres-pool.js';

/**
 * A connection on which a statement is sent before the one ahead of it is answered. The server carries them out in their
 * order, each in a transaction of its own, and finds the next one there when it is done with one: between two connections
 * it would have to wake the other process first, which takes a third as long as the work (a fifth faster with 64 callers
 * on two cores). What fails for any other reason than its own statement takes the connection with it, and all that is
 * under way there.
 */
export class PostgresPipeline {
  private line: Promise<Client> | undefined;
  private isClosed = false;

  /** @param statementMsMax how long a statement may take, waiting for locks and for those ahead of it included */
  constructor(
    private readonly url: string,
    private readonly statementMsMax: number,
  ) {}

  /** @throws StoreUnavailable when the outcome is unknown, DatabaseError when the statement was refused */
  async query<Row extends QueryResultRow>(statement: QueryConfig): Promise<readonly Row[]> {
    if (this.isClosed) throw new StoreUnavailable('The event store is closed');
    const line = (this.line ??= this.connect());
    try {
      const client = await line;
      const { rows } = await client.query<Row>(statement);
      return rows;
    } catch (error) {
      const failure = asStoreError(error);
      if (failure instanceof StoreUnavailable) this.retire(line);
      throw failure;
    }
  }

  async end(): Promise<void> {
    this.isClosed = true;
    const client = await this.line?.catch(() => undefined);
    await client?.end();
  }

  private connect(): Promise<Client> {
    const client = new Client({ ...connectionOptions(this.url, this.statementMsMax), pipeline: true });
    const line = client.connect().then(() => client);
    const lost = () => this.retire(line);
    // Lost while idle, too: without a listener it would end the process.
    client.on('error', lost);
    client.once('end', lost);
    line.catch(lost);
    return line;
  }

  /** The next statement gets a new connection. */
  private retire(line: Promise<Client>): void {
    if (this.line !== line) return;
    this.line = undefined;
    void line.then((client) => client.end()).catch(() => undefined);
  }
}
