import { comparePositions, type EventStore, type Position } from '#event-store';
import { UsageError } from './cli.js';

/** Digits alone are a position, as no time is written without its separators. */
const POSITION = /^\d{1,18}$/;

/** What `--as-of` means, for the help of the commands that have it. */
export const AS_OF_DETAILS = `--as-of takes a position of the log, or a time with its offset from UTC (2026-11-23T16:00:00+02:00). As known at a time
means: with every event that had been recorded by then, whenever what it tells of had happened; a weighing that its scale
reported a week later is not among them.`;

/**
 * Where the log ended at what `--as-of` says; undefined without one: then it is now.
 * @throws UsageError
 */
export async function asOfOption(store: EventStore, asOf: unknown): Promise<Position | undefined> {
  if (typeof asOf !== 'string') return undefined;
  if (POSITION.test(asOf)) return reachedPosition(store, BigInt(asOf).toString());
  const position = await positionAt(store, asOf);
  if (Date.parse(asOf) > Date.now()) throw new UsageError(`--as-of ${asOf}: nobody knows yet what will be known then.`);
  return position;
}

async function reachedPosition(store: EventStore, position: Position): Promise<Position> {
  const head = await store.head();
  if (comparePositions(position, head) <= 0) return position;
  throw new UsageError(`--as-of ${position}: the log ends at position ${head}.`);
}

async function positionAt(store: EventStore, instant: string): Promise<Position> {
  try {
    return await store.positionAt(instant);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `--as-of ${instant}: give a position of the log, or a time with its offset from UTC such as ` +
        '2026-11-23T16:00:00+02:00. A day alone does not say when it ends.',
    );
  }
}
