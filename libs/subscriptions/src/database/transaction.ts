import { type DataSource, type QueryRunner } from 'typeorm';
import { type Transaction } from '../projection.js';

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/** Runs SQL on a connection and answers rows, whatever the statement (TypeORM's own answer differs by statement). */
export class Session implements Transaction {
  constructor(private readonly runner: QueryRunner) {}

  async query<Row = unknown>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    const { records } = await this.runner.query(sql, [...parameters], true);
    return records as readonly Row[];
  }
}

/** Runs `work` on a connection of its own from the pool. */
export async function withConnection<T>(
  dataSource: DataSource,
  work: (session: Transaction, runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(new Session(runner), runner);
  } finally {
    await runner.release();
  }
}

/** Runs `work` in a transaction of its own; commits when it resolves, rolls back when it rejects. */
export function inTransaction<T>(dataSource: DataSource, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return withConnection(dataSource, (_, runner) => inTransactionOn(runner, work));
}

/** The same on a connection that the caller holds. */
export async function inTransactionOn<T>(
  runner: QueryRunner,
  work: (tx: Transaction) => Promise<T>,
  isolation: Isolation = 'READ COMMITTED',
): Promise<T> {
  await runner.startTransaction(isolation);
  try {
    const result = await work(new Session(runner));
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // Where the connection is gone the server has rolled back by itself; what matters is why.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}
