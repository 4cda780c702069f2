import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';
import { InvalidFields } from './http.errors.js';
import { pageOf } from './page.js';

const place = z.strictObject({ position: z.string().regex(/^\d+$/) });

describe('a cursor', () => {
  it('leads back to the place it was made from', () => {
    expect(decodeCursor(encodeCursor({ position: '41' }), place)).toEqual({ position: '41' });
  });

  it('is no place when there is none', () => {
    expect(decodeCursor(undefined, place)).toBeUndefined();
  });

  it.each([
    ['not JSON', 'aGVsbG8'],
    ['JSON of another shape', encodeCursor({ offset: 3 })],
    ['nothing', ''],
  ])('that is %s is refused by name', (_, cursor) => {
    const attempt = () => decodeCursor(cursor, place);
    expect(attempt).toThrow(InvalidFields);
    expect(attempt).toThrow('cursor');
  });
});

describe('a page', () => {
  const rows = [{ id: 1 }, { id: 2 }, { id: 3 }];

  it('cuts the extra row off and leads to the next page', () => {
    const page = pageOf(rows, 2, ({ id }) => ({ id }));
    expect(page.items).toEqual([{ id: 1 }, { id: 2 }]);
    expect(decodeCursor(page.nextCursor ?? undefined, z.object({ id: z.number() }))).toEqual({ id: 2 });
  });

  it('says when it is the last', () => {
    expect(pageOf(rows, 3, ({ id }) => ({ id }))).toEqual({ items: rows, nextCursor: null });
    expect(pageOf([], 3, () => ({}))).toEqual({ items: [], nextCursor: null });
  });
});
