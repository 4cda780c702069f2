import { type EventStore, type Position, comparePositions, type RecordedEvent } from '#event-store';
import { type Consumer } from '../consumer/consumer.js';
import { isTransient } from '../database/transient.js';
import { type Transaction } from '../projection.js';
import { CheckpointMoved, PoisonEvent } from '../subscriptions.errors.js';
import { type LogSource } from './log-source.js';

/** A stretch of the log as one projection sees it. */
export interface Batch {
  /** The events in it that the projection handles, in log order; may be none. */
  readonly events: readonly RecordedEvent[];
  /** Where the stretch ends: beyond the last event where what follows is not for this projection. */
  readonly through: Position;
  /** Whether there may be more. */
  readonly full: boolean;
}

/**
 * Reads a stretch of the log. Where the log has no more events of these types the stretch reaches to the end of the
 * log as it was before the read: a checkpoint must pass over what is not for its projection, or nobody could wait for
 * it. It never ends before `after`.
 */
export async function readBatch(
  store: EventStore,
  { after, max, types }: { readonly after: Position; readonly max: number; readonly types: readonly string[] },
): Promise<Batch> {
  // Before the read: what is appended between the two may or may not be in the answer.
  const head = await store.head();
  const events = await store.readAll({ after, max, types });
  const last = events.at(-1)?.position ?? after;
  if (events.length >= max) return { events, through: last, full: true };
  return { events, through: later(head, last), full: false };
}

/**
 * Folds those events that a consumer is there for, each in the newest version of its type.
 * @returns how many there were
 */
export async function fold(
  consumer: Consumer,
  registry: LogSource['registry'],
  events: readonly RecordedEvent[],
  tx: Transaction,
): Promise<number> {
  const own = events.map((event) => registry.upcast(event)).filter((event) => consumer.takes(event));
  if (own.length > 0) await consumer.projection.project(own, tx, consumer.partition);
  return own.length;
}

/** A stretch without the events that a person has set aside; it ends where it ended. */
export function without(parked: ReadonlySet<string>, batch: Batch): Batch {
  if (parked.size === 0) return batch;
  return { ...batch, events: batch.events.filter(({ id }) => !parked.has(id)) };
}

/**
 * Applies a batch. Where that fails for a reason that lies in the events, applies the halves instead, and so on down to
 * the single event: everything before it has then been applied, and it is named.
 * @throws PoisonEvent, or what `apply` threw where trying again may help
 */
export async function applyOrIsolate(batch: Batch, apply: (part: Batch) => Promise<void>): Promise<void> {
  try {
    await apply(batch);
  } catch (error) {
    const [first, second] = batch.events;
    if (first === undefined || error instanceof CheckpointMoved || isTransient(error)) throw error;
    if (second === undefined) throw new PoisonEvent(first.id, first.type, first.position, error);
    for (const half of halvesOf(batch)) await applyOrIsolate(half, apply);
  }
}

function halvesOf(batch: Batch): readonly Batch[] {
  const middle = Math.ceil(batch.events.length / 2);
  const [left, right] = [batch.events.slice(0, middle), batch.events.slice(middle)];
  return [
    { events: left, through: left.at(-1)?.position ?? batch.through, full: true },
    { ...batch, events: right },
  ];
}

export function later(a: Position, b: Position): Position {
  return comparePositions(a, b) < 0 ? b : a;
}
