import { READ_EVENTS_MAX, type ReadAll, type ReadStream } from './event-store.js';

/** The bounds of a read, checked and complete: a wrong one must be an error, not an endless wait or another answer. */
export interface StreamBounds {
  readonly from: number;
  readonly direction: 'forwards' | 'backwards';
  readonly max: number;
}

/** Beyond every revision that can be. */
const LAST_REVISION = 2 ** 31 - 1;
const POSITION = /^\d{1,18}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** @throws RangeError */
export function streamBounds({ from, direction = 'forwards', max = READ_EVENTS_MAX }: ReadStream = {}): StreamBounds {
  const first = from ?? (direction === 'forwards' ? 0 : LAST_REVISION);
  if (!Number.isSafeInteger(first) || first < 0) throw new RangeError(`${first} is not a revision`);
  return { from: Math.min(first, LAST_REVISION), direction, max: eventsMax(max) };
}

/** @throws RangeError */
export function logBounds({ after, max, types }: ReadAll): ReadAll {
  if (!POSITION.test(after)) throw new RangeError(`${JSON.stringify(after)} is not a position`);
  return { after, max: eventsMax(max), ...(types && { types }) };
}

/**
 * A moment as events name theirs: to the millisecond and in UTC, so that the two compare as text.
 * @throws RangeError unless it says which moment it is, with its offset and on a day that the calendar has
 */
export function instantOf(text: string): string {
  const instantMs = INSTANT.test(text) && isDay(text.slice(0, 'yyyy-mm-dd'.length)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instantMs)) throw new RangeError(`${JSON.stringify(text)} is not a time with its offset from UTC`);
  return new Date(instantMs).toISOString();
}

/** Date.parse reads the 30th of February as the 2nd of March. */
function isDay(text: string): boolean {
  const midnightMs = Date.parse(text);
  return !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(text);
}

function eventsMax(max: number): number {
  if (Number.isInteger(max) && max >= 1 && max <= READ_EVENTS_MAX) return max;
  throw new RangeError(`A read gives 1 to ${READ_EVENTS_MAX} events, not ${max}`);
}
