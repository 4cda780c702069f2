import { type DataSource } from 'typeorm';

/**
 * How PostgreSQL would answer the queries that `work` makes, were every table huge: with scans of whole tables and
 * sorting as dear as it can make them, a plan that still has one has no index to use instead.
 */
export async function plansOf(
  database: DataSource,
  work: (observed: DataSource) => Promise<unknown>,
): Promise<string[]> {
  const queries: { readonly sql: string; readonly parameters: unknown[] | undefined }[] = [];
  const observed = new Proxy(database, {
    get(target, name, receiver) {
      if (name !== 'query') return Reflect.get(target, name, receiver) as unknown;
      return (sql: string, parameters?: unknown[]) => {
        queries.push({ sql, parameters });
        return target.query(sql, parameters);
      };
    },
  });
  await work(observed);

  const runner = database.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(
      'SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off',
    );
    const plans: string[] = [];
    for (const { sql, parameters } of queries) {
      const lines = (await runner.query(`EXPLAIN (COSTS off) ${sql}`, parameters)) as { 'QUERY PLAN': string }[];
      plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'));
    }
    return plans;
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
