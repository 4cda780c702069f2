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

function eventsMax(max: number): number {
  if (Number.isInteger(max) && max >= 1 && max <= READ_EVENTS_MAX) return max;
  throw new RangeError(`A read gives 1 to ${READ_EVENTS_MAX} events, not ${max}`);
}
