import { messageHash } from '#protocol';
import { fittingReports, sealMessage, type MessageWriter, type SealedMessage, type StoredReport } from '../message.js';

/** What the queue holds: everything that no receipt covers yet, and where the counting stands. */
export interface Held {
  readonly nextSeq: number;
  /** Hash of the last message that was sealed, null before the first. */
  readonly previous: string | null;
  /** Covered by a receipt; null before the first receipt. */
  readonly ackedSeq: number | null;
  /** Durable, not yet in a message; in the order of their numbers. */
  readonly reports: readonly StoredReport[];
  /** Sealed, not yet covered; in the order of their numbers. */
  readonly messages: readonly SealedMessage[];
}

/** One step of the queue as its journal holds it: where the counting stands after it, and what is new. */
export type Commit = Held;

export function nothingHeld(firstSeq: number): Held {
  return { nextSeq: firstSeq, previous: null, ackedSeq: null, reports: [], messages: [] };
}

/**
 * The next step: takes in what arrived, and seals what it can into at most `room` messages. What is sealed at once is
 * not stored a second time as a report.
 * @param arrived numbered from `held.nextSeq` on
 */
export function nextCommit(
  held: Held,
  arrived: readonly StoredReport[],
  { writer, room }: { writer: MessageWriter; room: number },
): Commit {
  const messages: SealedMessage[] = [];
  let unsealed: readonly StoredReport[] = [...held.reports, ...arrived];
  let { previous } = held;

  while (messages.length < room && unsealed.length > 0) {
    const count = fittingReports(writer, unsealed);
    const message = sealMessage(writer, unsealed.slice(0, count), previous);
    messages.push(message);
    previous = messageHash(Buffer.from(message.text));
    unsealed = unsealed.slice(count);
  }
  return {
    nextSeq: held.nextSeq + arrived.length,
    previous,
    ackedSeq: held.ackedSeq,
    reports: unsealed.filter(({ report }) => report.seq >= held.nextSeq),
    messages,
  };
}

/** What is held after a commit: a report leaves when a message holds it, a message when a receipt covers all of it. */
export function afterCommit(held: Held, commit: Commit): Held {
  const messages = [...held.messages, ...commit.messages];
  const sealedSeq = messages.at(-1)?.lastSeq ?? -1;
  const reports = [...held.reports, ...commit.reports].filter(({ report }) => report.seq > sealedSeq);
  const { nextSeq, previous, ackedSeq } = commit;
  return afterReceipt({ nextSeq, previous, ackedSeq: held.ackedSeq, reports, messages }, ackedSeq);
}

/** What is held after a receipt. A receipt that came late covers nothing new and changes nothing. */
export function afterReceipt(held: Held, ackedSeq: number | null): Held {
  if (ackedSeq === null || (held.ackedSeq !== null && ackedSeq <= held.ackedSeq)) return held;
  return { ...held, ackedSeq, messages: held.messages.filter(({ lastSeq }) => lastSeq > ackedSeq) };
}

/** How many weighings would be lost with this queue. */
export function reportsIn({ reports, messages }: Held): number {
  return messages.reduce((sum, { firstSeq, lastSeq }) => sum + lastSeq - firstSeq + 1, reports.length);
}
