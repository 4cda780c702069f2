import { describe, expect, it } from '@jest/globals';
import { type Cell, type Column } from '#subscriptions';
import { jsonText } from './json-text.js';
import { ROW_FORMATS } from './row-format.js';

const COLUMNS: readonly Column[] = [
  { name: 'name', type: 'text', isJson: false },
  { name: 'sum', type: 'bigint', isJson: false },
  { name: 'tags', type: 'text[]', isJson: true },
];

async function lines(
  format: string,
  ...batches: readonly (readonly (readonly Cell[])[])[]
): Promise<readonly string[]> {
  async function* rows() {
    for (const batch of batches) yield await Promise.resolve(batch);
  }
  const written: string[] = [];
  for await (const line of ROW_FORMATS.get(format)?.(rows(), COLUMNS, { table: 't' }) ?? []) written.push(line);
  return written;
}

describe('rows', () => {
  it('as a table are as wide as the first of them, one to a line, and harmless to a terminal', async () => {
    expect(await lines('table', [['glass', '12', '["a"]']], [['a longer name', null, null]])).toEqual([
      'name   sum  tags',
      'glass   12  ["a"]',
      'a longer name',
    ]);
    expect(await lines('table', [['a\nb\u001b[2J', null, null]])).toEqual([
      'name               sum  tags',
      'a\\u000ab\\u001b[2J',
    ]);
    expect(await lines('table')).toEqual(['name  sum  tags']);
  });

  it('as CSV tell no value from an empty text, and keep what is in a text', async () => {
    expect(
      await lines('csv', [
        ['', null, null],
        ['a,"b"', '1', '["x", null]'],
        ['c\nd', '-2', '[]'],
      ]),
    ).toEqual(['name,sum,tags', '"",,', '"a,""b""",1,"[""x"", null]"', '"c\nd",-2,[]']);
    expect(await lines('csv')).toEqual(['name,sum,tags']);
  });

  it('as JSON are one document, whatever is in them', async () => {
    const written = await lines('json', [['a"b', '9007199254740993', '["x"]']], [[null, null, null]]);
    expect(JSON.parse(written.join('\n'))).toEqual({
      table: 't',
      rows: [
        { name: 'a"b', sum: '9007199254740993', tags: ['x'] },
        { name: null, sum: null, tags: null },
      ],
    });
    expect(JSON.parse((await lines('json')).join('\n'))).toEqual({ table: 't', rows: [] });
  });
});

describe('any value', () => {
  it('is told whole, also where JSON has no word for it', () => {
    const value = { sum: 2n ** 60n, points: new Map([['school', new Set(['glass'])]]), pairs: new Map([[1, 2n]]) };
    expect(JSON.parse(jsonText(value))).toEqual({
      sum: '1152921504606846976',
      points: { school: ['glass'] },
      pairs: [[1, '2']],
    });
  });
});
