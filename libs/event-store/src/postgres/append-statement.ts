import { type QueryConfig } from 'pg';
import { ContentConflict, NOT_RECORDED, RevisionConflict } from '../event-store.errors.js';
import { START, type AppendResult, type ExpectedRevision, type Position } from '../event-store.js';
import { type PreparedAppend } from '../prepared-append.js';
import { jsonArray, plainArray, textArray } from './array-parameter.js';

/** All appends from this one on that have no row of their own begin their streams, one after the other. */
interface AllBegunRow {
  readonly append_number: number;
  readonly outcome: 'all-begun';
  /** The end of the log before them. */
  readonly last_position: Position;
}

/** What became of one append of the batch. */
interface SettledRow {
  readonly append_number: number;
  readonly outcome: 'appended' | 'duplicate' | 'content-conflict' | 'revision-conflict';
  readonly last_position: Position | null;
  readonly last_revision: number | null;
  readonly differing_id: string | null;
  readonly recorded_fingerprint: string | null;
  readonly recorded_stream: string | null;
}

/** A row of event_log.append. */
export type AppendRow = AllBegunRow | SettledRow;

const NO_STREAM = -1;
const ANY = -2;
const STREAM_EXISTS = -3;

/** The call that settles a batch; its rows are read by `resultsOf`. */
export function appendStatement(appends: readonly PreparedAppend[]): QueryConfig {
  const offered = appends.flatMap((append, number) =>
    append.events.map((event, place) => ({ number, place, append, event })),
  );
  return {
    name: 'append',
    text: 'SELECT * FROM event_log.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
    values: [
      plainArray(roundEnds(appends)),
      plainArray(offered.map(({ number }) => number)),
      plainArray(offered.map(({ place }) => place)),
      textArray(offered.map(({ append }) => append.stream)),
      plainArray(offered.map(({ append }) => revisionNumber(append.expected))),
      plainArray(offered.map(({ event }) => event.id)),
      textArray(offered.map(({ event }) => event.type)),
      plainArray(offered.map(({ event }) => event.schemaVersion)),
      jsonArray(offered.map(({ event }) => event.data)),
      jsonArray(offered.map(({ event }) => event.metadata)),
      textArray(offered.map(({ event }) => event.fingerprint)),
    ],
  };
}

/** One result for each append, in their order. */
export function resultsOf(appends: readonly PreparedAppend[], rows: readonly AppendRow[]): readonly AppendResult[] {
  const byNumber = new Map(rows.map((row) => [row.append_number, row]));
  // The end of the log where all appends begin their streams, one after the other.
  let head: bigint | undefined;
  return appends.map((append, number) => {
    const row = byNumber.get(number);
    if (row?.outcome === 'all-begun') head = BigInt(row.last_position);
    else if (row) return resultOf(append, row);
    if (head === undefined) throw new Error(`event_log.append gave no answer for append ${number}`);
    head += BigInt(append.events.length);
    return { outcome: 'appended', position: String(head), revision: append.events.length - 1 };
  });
}

/**
 * Cuts a batch where an append touches a stream or an event of an earlier one: what comes after the cut is settled on
 * what came before it. Within a round no append can change the answer to another.
 * @returns the number of events up to the end of each round
 */
function roundEnds(appends: readonly PreparedAppend[]): readonly number[] {
  const ends: number[] = [];
  const touched = new Set<string>();
  let events = 0;
  for (const append of appends) {
    // A stream's name could look like an event id; their sets must not meet.
    const touches = [`stream ${append.stream}`, ...append.events.map(({ id }) => id)];
    if (touches.some((touch) => touched.has(touch))) {
      ends.push(events);
      touched.clear();
    }
    for (const touch of touches) touched.add(touch);
    events += append.events.length;
  }
  return [...ends, events];
}

function revisionNumber(expected: ExpectedRevision): number {
  switch (expected) {
    case 'no-stream':
      return NO_STREAM;
    case 'any':
      return ANY;
    case 'stream-exists':
      return STREAM_EXISTS;
    default:
      return expected;
  }
}

function resultOf({ stream, expected, events }: PreparedAppend, row: SettledRow): AppendResult {
  switch (row.outcome) {
    case 'appended':
    case 'duplicate':
      return { outcome: row.outcome, position: row.last_position ?? START, revision: row.last_revision ?? NO_STREAM };
    case 'revision-conflict':
      return {
        outcome: 'conflict',
        error: new RevisionConflict(stream, expected, row.last_revision ?? NO_STREAM),
      };
    case 'content-conflict': {
      const differing = events.find(({ id }) => id === row.differing_id);
      const error = new ContentConflict(
        stream,
        row.differing_id ?? '',
        row.recorded_fingerprint ?? NOT_RECORDED,
        differing?.fingerprint ?? NOT_RECORDED,
        row.recorded_stream ?? stream,
      );
      return { outcome: 'conflict', error };
    }
  }
}
