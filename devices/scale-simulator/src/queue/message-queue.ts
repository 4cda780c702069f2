import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type WeighingReportV1 } from '#protocol';
import { type MessageWriter, type SealedMessage } from '../message.js';
import { afterCommit, afterReceipt, nextCommit, nothingHeld, reportsIn, type Commit, type Held } from './held.js';
import { Journal } from './journal.js';

const FIRST_SEQ = 1;
const REPORTS_PER_COMMIT_MAX = 500;
/** The journal is rewritten when it has doubled since the last time, but not for less than this. */
const REWRITE_BYTES_MIN = 256 * 1024;

/** No room for another weighing: the scale refuses to weigh, since what it holds must never be overwritten. */
export class QueueFull extends Error {
  readonly code = 'queue-full';

  constructor(readonly reportsHeldMax: number) {
    super(`The scale holds ${reportsHeldMax} weighings that nobody has confirmed yet, and has no room for another`);
    this.name = 'QueueFull';
  }
}

/**
 * The backend confirms numbers that this queue never gave out: it was restored from an older copy. It keeps what it
 * holds and gives out no number, because it might give one out for the second time.
 */
export class QueueRolledBack extends Error {
  readonly code = 'queue-rolled-back';

  constructor(
    readonly nextSeq: number,
    readonly ackedSeq: number,
  ) {
    super(`The backend confirms number ${ackedSeq}, but this scale would give out number ${nextSeq} next`);
    this.name = 'QueueRolledBack';
  }
}

export class QueueClosed extends Error {
  readonly code = 'queue-closed';

  constructor() {
    super('The scale is switched off');
    this.name = 'QueueClosed';
  }
}

/** Makes a report once its number is known. */
export type NumberReport = (seq: number) => WeighingReportV1;

export interface QueueOptions {
  readonly path: string;
  readonly bootId: string;
  readonly writer: MessageWriter;
  /** A bound on memory and medium: weighings that no receipt covers. */
  readonly reportsHeldMax: number;
  /** How many messages may be sealed now; sealing as late as possible lets a backlog fill its messages. */
  readonly room: () => number;
  /** New messages are durable and may be sent. */
  readonly onSealed: () => void;
  /** What could not be stored and nobody waits for; it is tried again on the next occasion. */
  readonly onProblem: (problem: unknown) => void;
}

interface Waiting {
  readonly number: NumberReport;
  readonly stored: (report: WeighingReportV1) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The scale's memory. A weighing has a number once it is on the medium; a message is on the medium, byte for byte as it
 * will be sent, before it is sent; both stay until a receipt covers them. Weighings that come together are stored
 * together, with one sync.
 */
export class MessageQueue {
  private readonly waiting: Waiting[] = [];
  private work: Promise<void> = Promise.resolve();
  private isWorking = false;
  private state: 'open' | 'closing' | 'closed' = 'open';
  private ack: 'stored' | 'unstored' | 'wanted' = 'stored';
  private rewriteAtBytes = REWRITE_BYTES_MIN;
  private fault: QueueRolledBack | null = null;

  private constructor(
    private readonly options: QueueOptions,
    private readonly journal: Journal,
    private held: Held,
  ) {}

  /** @throws JournalDamaged */
  static async open(options: QueueOptions): Promise<MessageQueue> {
    await mkdir(dirname(options.path), { recursive: true });
    const { journal, payloads } = await Journal.open(options.path);
    const held = payloads.reduce(
      (before, text) => afterCommit(before, JSON.parse(text) as Commit),
      nothingHeld(FIRST_SEQ),
    );
    return new MessageQueue(options, journal, held);
  }

  /**
   * Makes the file of a queue that already holds weighings, all sealed, as if the scale had taken them while it was
   * alone. The file appears complete or not at all.
   */
  static async writeNew(
    path: string,
    { bootId, writer }: { bootId: string; writer: MessageWriter },
    reports: readonly NumberReport[],
  ): Promise<void> {
    const arrived = reports.map((number, index) => ({ bootId, report: number(FIRST_SEQ + index) }));
    const commit = nextCommit(nothingHeld(FIRST_SEQ), arrived, { writer, room: Number.POSITIVE_INFINITY });
    await Journal.write(path, JSON.stringify(commit));
  }

  get nextSeq(): number {
    return this.held.nextSeq;
  }

  get ackedSeq(): number | null {
    return this.held.ackedSeq;
  }

  /** Sealed messages that no receipt covers, oldest first. */
  get messages(): readonly SealedMessage[] {
    return this.held.messages;
  }

  /** Weighings that no receipt covers. */
  get reportsHeld(): number {
    return reportsIn(this.held);
  }

  /**
   * Stores a weighing: when this resolves it is durable and has its number.
   * @throws QueueFull, QueueRolledBack, QueueClosed, or the error of the file system
   */
  async add(number: NumberReport): Promise<WeighingReportV1> {
    if (this.state !== 'open') throw new QueueClosed();
    if (this.fault) throw this.fault;
    const { reportsHeldMax } = this.options;
    if (this.reportsHeld + this.waiting.length >= reportsHeldMax) throw new QueueFull(reportsHeldMax);

    return new Promise((stored, failed) => {
      this.waiting.push({ number, stored, failed });
      this.wake();
    });
  }

  /**
   * A verified receipt covers everything up to this number. Forgetting needs no sync: what is forgotten late is only
   * sent once more.
   */
  cover(ackedSeq: number): void {
    if (ackedSeq >= this.held.nextSeq) {
      this.fault ??= new QueueRolledBack(this.held.nextSeq, ackedSeq);
      this.options.onProblem(this.fault);
      return;
    }
    const before = this.held;
    this.held = afterReceipt(before, ackedSeq);
    if (this.held !== before && this.ack === 'stored') this.ack = 'unstored';
    this.wake();
  }

  /** Stores how far receipts have come, if that is not stored yet. */
  storeAck(): void {
    if (this.ack === 'unstored') this.ack = 'wanted';
    this.wake();
  }

  /** Looks whether there is something to do: call it when there is room again. */
  wake(): void {
    if (this.isWorking || this.state === 'closed') return;
    this.isWorking = true;
    this.work = this.run();
  }

  /** Finishes what was begun and closes the file. */
  async close(): Promise<void> {
    this.state = 'closing';
    this.storeAck();
    await this.abandon();
  }

  /** Stops as a power cut stops it: what is on the medium stays, what waits for it fails. */
  async abandon(): Promise<void> {
    if (this.state === 'open') this.state = 'closed';
    await this.work;
    this.state = 'closed';
    for (const { failed } of this.waiting.splice(0)) failed(new QueueClosed());
    await this.journal.close();
  }

  private async run(): Promise<void> {
    try {
      // Everything that is asked in the same turn is stored together.
      await Promise.resolve();
      while (this.hasWork()) if (!(await this.commit())) return;
    } finally {
      this.isWorking = false;
    }
  }

  private hasWork(): boolean {
    if (this.state === 'closed') return false;
    const canSeal = this.held.reports.length > 0 && this.options.room() > 0;
    return this.waiting.length > 0 || canSeal || this.ack === 'wanted';
  }

  /** @returns false when the medium refused and nothing else waits, so that the loop does not run hot */
  private async commit(): Promise<boolean> {
    const { bootId, writer, room, onSealed, onProblem } = this.options;
    const arrivals = this.waiting.splice(0, REPORTS_PER_COMMIT_MAX);
    const { nextSeq } = this.held;
    const numbered = arrivals.map((waiting, index) => ({ ...waiting, report: waiting.number(nextSeq + index) }));
    const arrived = numbered.map(({ report }) => ({ bootId, report }));
    const commit = nextCommit(this.held, arrived, { writer, room: room() });
    try {
      await this.journal.append(JSON.stringify(commit));
    } catch (error) {
      if (arrivals.length === 0) onProblem(error);
      for (const { failed } of arrivals) failed(error);
      return this.waiting.length > 0;
    }

    this.held = afterCommit(this.held, commit);
    this.ackIsStored(commit.ackedSeq);
    for (const { report, stored } of numbered) stored(report);
    if (commit.messages.length > 0) onSealed();
    await this.forgetCovered();
    return true;
  }

  /** Rewrites the journal without what receipts cover, once that has made up half of it. */
  private async forgetCovered(): Promise<void> {
    if (this.journal.size < this.rewriteAtBytes) return;
    const snapshot: Commit = this.held;
    try {
      await this.journal.replace(JSON.stringify(snapshot));
      this.ackIsStored(snapshot.ackedSeq);
    } catch (error) {
      this.options.onProblem(error);
    }
    this.rewriteAtBytes = Math.max(REWRITE_BYTES_MIN, 2 * this.journal.size);
  }

  private ackIsStored(ackedSeq: number | null): void {
    // A receipt may have come while the medium was busy.
    if (ackedSeq === this.held.ackedSeq) this.ack = 'stored';
    else if (this.ack === 'stored') this.ack = 'unstored';
  }
}
