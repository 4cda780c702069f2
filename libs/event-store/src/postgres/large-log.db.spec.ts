import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type QueryConfig } from 'pg';
import { PostgresEngine } from './postgres-engine.testing.js';
import { headStatement, readAllStatement, readStreamStatement } from './read-statements.js';

const EVENTS = 20_000;
const RARE = 'SchemePublished';

/** In the middle of it, one event in a thousand of a rare type. */
const FILL = `
  INSERT INTO event_log.event
  SELECT n, 'weighing-' || n, 0, gen_random_uuid(), CASE WHEN n % 1000 = 500 THEN '${RARE}' ELSE 'WasteWeighed' END,
      1, '{}', '{}', 'none', timestamptz '2026-01-01Z' + n * interval '1 second'
    FROM generate_series(1, ${EVENTS}) AS n`;

describe('a log of many events', () => {
  let engine: PostgresEngine;

  beforeAll(async () => {
    engine = await PostgresEngine.open();
    await engine.query(FILL);
  });
  afterAll(() => engine.close());

  const planOf = async ({ text, values = [] }: QueryConfig): Promise<string> => {
    const lines = await engine.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS off) ${text}`, values as unknown[]);
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  };

  const page = { after: String(EVENTS / 2), max: 10 };
  const cases: readonly (readonly [string, QueryConfig, readonly string[]])[] = [
    ['its end', headStatement(), ['event_pkey']],
    ['a page', readAllStatement(page), ['event_pkey']],
    [
      'a page of some types',
      readAllStatement({ ...page, types: [RARE, 'Unknown'] }),
      ['event_type_position', 'event_pkey'],
    ],
    [
      'a stream',
      readStreamStatement('weighing-7', { from: 0, direction: 'forwards', max: 10 }),
      ['event_stream_revision_once'],
    ],
  ];

  describe.each(['without statistics', 'with statistics'])('%s', (statistics) => {
    beforeAll(async () => {
      if (statistics === 'with statistics') await engine.query('ANALYZE event_log.event');
    });

    it.each(cases)('is asked for %s by index alone', async (_, statement, indexes) => {
      const plan = await planOf(statement);
      for (const index of indexes) expect(plan).toContain(index);
      expect(plan).not.toContain('Seq Scan on event');
    });
  });

  it('is vacuumed, frozen and analysed in small steps', async () => {
    const [table] = await engine.query<{ options: readonly string[] }>(
      `SELECT reloptions AS options FROM pg_class WHERE oid = 'event_log.event'::regclass`,
    );
    expect(table?.options).toEqual([
      'autovacuum_vacuum_insert_scale_factor=0',
      'autovacuum_vacuum_insert_threshold=100000',
      'autovacuum_analyze_scale_factor=0',
      'autovacuum_analyze_threshold=100000',
      'autovacuum_freeze_min_age=0',
    ]);
  });
});
