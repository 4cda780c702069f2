import { type QueryConfig } from 'pg';
import { roundsOf } from '../append-rounds.js';
import { type Share } from '../append-shares.js';
import { type Verdict } from '../atomic-append.js';
import { ContentConflict, NOT_RECORDED, RevisionConflict } from '../event-store.errors.js';
import { START, type ExpectedRevision, type Position } from '../event-store.js';
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
  readonly outcome: 'appended' | 'duplicate' | 'content-conflict' | 'revision-conflict' | 'withheld';
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

/** What is settled at once, on the log as it then is. */
interface Round {
  readonly appends: readonly PreparedAppend[];
  readonly together: boolean;
}

/** The call that settles what several callers bring; its rows are read by `verdictsOf`. */
export function appendStatement(shares: readonly Share[]): QueryConfig {
  const rounds = roundsOfShares(shares);
  const offered = rounds
    .flatMap(({ appends }) => appends)
    .flatMap((append, number) => append.events.map((event, place) => ({ number, place, append, event })));
  return {
    name: 'append',
    text: 'SELECT * FROM event_log.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
    values: [
      plainArray(roundEnds(rounds)),
      plainArray(rounds.map(({ together }) => String(together))),
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

/** One verdict for each append, in their order. */
export function verdictsOf(appends: readonly PreparedAppend[], rows: readonly AppendRow[]): readonly Verdict[] {
  const byNumber = new Map(rows.map((row) => [row.append_number, row]));
  // The end of the log where all appends begin their streams, one after the other.
  let head: bigint | undefined;
  return appends.map((append, number) => {
    const row = byNumber.get(number);
    if (row?.outcome === 'all-begun') head = BigInt(row.last_position);
    else if (row) return verdictOf(append, row);
    if (head === undefined) throw new Error(`event_log.append gave no answer for append ${number}`);
    head += BigInt(append.events.length);
    return { outcome: 'appended', position: String(head), revision: append.events.length - 1 };
  });
}

/** Appends that go together are a round by themselves; others share one as far as none touches another. */
function roundsOfShares(shares: readonly Share[]): readonly Round[] {
  const stretches: { appends: PreparedAppend[]; together: boolean }[] = [];
  for (const { appends, together } of shares) {
    const last = stretches.at(-1);
    if (last && !last.together && !together) last.appends.push(...appends);
    else stretches.push({ appends: [...appends], together });
  }
  return stretches.flatMap<Round>(({ appends, together }) =>
    together ? { appends, together } : roundsOf(appends).map((round) => ({ appends: round, together })),
  );
}

/** The number of events up to the end of each round. */
function roundEnds(rounds: readonly Round[]): readonly number[] {
  let events = 0;
  return rounds.map(({ appends }) => (events += appends.reduce((sum, append) => sum + append.events.length, 0)));
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

function verdictOf({ stream, expected, events }: PreparedAppend, row: SettledRow): Verdict {
  switch (row.outcome) {
    case 'appended':
    case 'duplicate':
      return { outcome: row.outcome, position: row.last_position ?? START, revision: row.last_revision ?? NO_STREAM };
    case 'withheld':
      return { outcome: row.outcome };
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
