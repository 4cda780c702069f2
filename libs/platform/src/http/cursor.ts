import { type z } from 'zod';
import { InvalidFields } from './http.errors.js';

/** Longer than any cursor we make; a longer one was not ours. */
export const CURSOR_LENGTH_MAX = 512;

/**
 * A place in a list as an opaque text: base64url of JSON. It holds the sort key of the last row that was shown, never
 * an offset, so that a list that grows at its head is neither repeated nor skipped.
 */
export function encodeCursor(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Reads a cursor that came from outside; undefined is the head of the list.
 * @throws InvalidFields naming `cursor` when it is not one that this list gave out.
 */
export function decodeCursor<T>(cursor: string | undefined, place: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  const read = place.safeParse(parsedOrNull(cursor));
  if (!read.success) throw InvalidFields.of({ field: 'cursor', code: 'not-a-cursor' });
  return read.data;
}

function parsedOrNull(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
