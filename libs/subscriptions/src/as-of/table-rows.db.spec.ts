import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '../database/transaction.js';
import { openReadModel, type TestReadModel } from '../testing.js';
import { NoSuchColumn, UnfitColumnValue } from './as-of.errors.js';
import { TableRows, type Cell, type RowQuery } from './table-rows.js';

describe('the rows of a table', () => {
  let readModel: TestReadModel;
  beforeAll(async () => {
    readModel = await openReadModel([]);
    await readModel.database.query(`
      CREATE TABLE everything (
        place bigint, name text, net numeric(40, 0), small integer, share double precision, ok boolean,
        moment timestamptz, day date, names text[], sums bigint[], document jsonb, short varchar(3),
        PRIMARY KEY (name, place))`);
    await readModel.database.query(`
      INSERT INTO everything VALUES
        (9007199254740993, 'b', 12345678901234567890123, 7, 0.5, true, '2026-03-01T10:00:00.123456+02:00', '2026-03-01',
         '{"a b",NULL}', '{9007199254740993}', '{"n": 9007199254740993}', 'abc'),
        (2, 'b', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '"text"', ''),
        (1, E'a"b,\\n', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'null', NULL)`);
    await readModel.database.query('CREATE TABLE many (n integer PRIMARY KEY)');
    await readModel.database.query('INSERT INTO many SELECT generate_series(1, 1234)');
  });
  afterAll(() => readModel.close());

  const read = (table: string, query?: RowQuery) =>
    inTransaction(readModel.database, async (tx) => {
      const rows = await TableRows.of(tx, table);
      const batches: (readonly (readonly Cell[])[])[] = [];
      for await (const batch of await rows.read(query)) batches.push(batch);
      return { columns: rows.columns, batches };
    });
  const names = async (query: RowQuery) => (await read('everything', query)).batches.flat().map(([place]) => place);

  it('are exact to the last digit, and say which cells are JSON', async () => {
    const { columns, batches } = await read('everything', { where: [{ column: 'place', value: '9007199254740993' }] });
    const [row = []] = batches.flat();
    expect([Object.fromEntries(columns.map(({ name }, place) => [name, row[place]]))]).toEqual([
      {
        place: '9007199254740993',
        name: 'b',
        net: '12345678901234567890123',
        small: '7',
        share: '0.5',
        ok: 'true',
        moment: '2026-03-01T08:00:00.123456+00:00',
        day: '2026-03-01',
        names: '["a b", null]',
        sums: '[9007199254740993]',
        document: '{"n": 9007199254740993}',
        short: 'abc',
      },
    ]);
    expect(columns.filter(({ isJson }) => isJson).map(({ name }) => name)).toEqual([
      'small',
      'share',
      'ok',
      'names',
      'sums',
      'document',
    ]);
  });

  it('come in the order of the primary key, with nothing where there is nothing', async () => {
    expect(await names({})).toEqual(['1', '2', '9007199254740993']);
    const { batches } = await read('everything', { limit: 1 });
    expect(batches).toEqual([[['1', 'a"b,\n', ...new Array<Cell>(8).fill(null), 'null', null]]]);
  });

  it('come a few hundred at a time', async () => {
    const { batches } = await read('many');
    expect(batches.map(({ length }) => length)).toEqual([500, 500, 234]);
    expect(batches.flat().map(([n]) => Number(n))).toEqual(Array.from({ length: 1_234 }, (_, index) => index + 1));
    expect((await read('many', { limit: 1_000 })).batches.flat()).toHaveLength(1_000);
    expect((await read('many', { where: [{ column: 'n', value: '0' }] })).batches).toEqual([]);
  });

  it.each([
    ['text', [{ column: 'name', value: 'b' }], ['2', '9007199254740993']],
    ['numbers', [{ column: 'net', value: '12345678901234567890123' }], ['9007199254740993']],
    ['times', [{ column: 'moment', value: '2026-03-01T08:00:00.123456Z' }], ['9007199254740993']],
    ['lists', [{ column: 'sums', value: '{9007199254740993}' }], ['9007199254740993']],
    [
      'several',
      [
        { column: 'name', value: 'b' },
        { column: 'place', value: '2' },
      ],
      ['2'],
    ],
    ['nothing longer than itself', [{ column: 'short', value: 'abcd' }], []],
    ['nothing rounded', [{ column: 'net', value: '0.4' }], []],
    ['text that would be SQL', [{ column: 'name', value: `b' OR true --` }], []],
  ])('are chosen by a value: %s', async (_, where, found) => {
    expect(await names({ where })).toEqual(found);
  });

  it('are not chosen by a column that is not there, nor by a value that its type does not have', async () => {
    const sql = read('everything', { where: [{ column: 'name" IS NULL OR "name', value: 'b' }] });
    await expect(sql).rejects.toThrow(NoSuchColumn);
    const words = read('everything', { where: [{ column: 'place', value: 'two' }] });
    await expect(words).rejects.toThrow(UnfitColumnValue);
    await expect(words).rejects.toThrow(/invalid input syntax for type bigint: "two" \(place is bigint\)/);
    await expect(read('everything', { where: [{ column: 'day', value: '2026-02-30' }] })).rejects.toThrow(
      UnfitColumnValue,
    );
  });
});
