import { v7 as uuidv7 } from 'uuid';
import { REPORTS_PER_MESSAGE_MAX, type ReceiptV1, type WeighingReportV1 } from '#protocol';
import { type Backoff } from './backoff.js';
import { Delivery, type DeliveryOptions } from './delivery.js';
import { MessageQueue, QueueClosed } from './queue/message-queue.js';
import { readReceipt, type ReceiptKeys } from './receipts.js';
import { queuePathIn } from './scale-folder.js';
import { scaleKeyIn, type ScaleKey } from './scale-key.js';
import { ScaleLink } from './scale-link.js';
import { processTicker, type Ticker } from './ticker.js';
import { reportOf, type Weighing } from './weighing.js';

const ACK_STORE_PERIOD_MS = 1_000;

interface Settings extends DeliveryOptions {
  readonly reportsPerMessageMax: number;
  /** Weighings that no receipt covers; with more the scale refuses to weigh. */
  readonly reportsHeldMax: number;
  readonly reconnect: Backoff;
  /** The scale's clock, milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly ticker: Ticker;
  /** What a person who looks after the scale should hear of; the scale goes on. */
  readonly onProblem: (problem: unknown) => void;
}

const DEFAULTS: Settings = {
  windowMessages: 16,
  receiptTimeout: { firstMs: 10_000, maxMs: 300_000 },
  faults: {},
  random: Math.random,
  reportsPerMessageMax: REPORTS_PER_MESSAGE_MAX,
  reportsHeldMax: 10_000,
  reconnect: { firstMs: 500, maxMs: 30_000 },
  nowMs: Date.now,
  ticker: processTicker,
  onProblem: () => undefined,
};

export interface ScaleOptions extends Partial<Settings> {
  readonly scaleId: string;
  /** Where its key and its queue live. One running scale a folder. */
  readonly folder: string;
  /** For example `mqtt://127.0.0.1:1883`. */
  readonly brokerUrl: string;
  readonly receiptKeys: ReceiptKeys;
  /** False for a scale that is registered as unsigned. */
  readonly isSigned?: boolean;
}

/** What a person at the scale sees when the weighing is accepted. */
export type AcceptedWeighing = Pick<WeighingReportV1, 'seq' | 'weighingId' | 'weighedAt'>;

/** Something on the topic of the receipts that this installation did not sign for this scale. */
export class ReceiptRefused extends Error {
  readonly code = 'receipt-refused';

  constructor(scaleId: string) {
    super(`Scale ${scaleId} was sent a receipt that the installation did not sign for it`);
    this.name = 'ReceiptRefused';
  }
}

interface Awaiting {
  readonly seq: number;
  readonly covered: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * A scale in software that keeps the contract as a real one does: every weighing is on its medium before it is shown as
 * accepted, every message before it is sent, and both stay until a receipt that the installation signed covers them.
 * Until then the same bytes are sent again, after each reconnection and when a receipt is overdue.
 */
export class SimulatedScale {
  readonly scaleId: string;
  private readonly bootMs = performance.now();
  private readonly link: ScaleLink;
  private readonly delivery: Delivery;
  private readonly listeners = new Set<(receipt: ReceiptV1) => void>();
  private readonly stopTicking: () => void;
  private awaiting: readonly Awaiting[] = [];
  private ackStoredAtMs = 0;

  private constructor(
    private readonly options: ScaleOptions & Settings,
    /** The key it signs with; null for an unsigned scale. */
    readonly key: ScaleKey | null,
    private readonly queue: MessageQueue,
  ) {
    this.scaleId = options.scaleId;
    this.link = new ScaleLink({
      url: options.brokerUrl,
      scaleId: options.scaleId,
      reconnect: options.reconnect,
      random: options.random,
      onUp: () => {
        this.send();
      },
      onDown: () => {
        this.delivery.disconnected();
      },
      onReceipt: (message) => {
        this.hear(message).catch(options.onProblem);
      },
      onProblem: options.onProblem,
    });
    this.delivery = new Delivery(options, () => queue.messages, this.link);
    this.stopTicking = options.ticker.subscribe((nowMs) => {
      this.tick(nowMs);
    });
  }

  /**
   * Switches the scale on: its folder is made if there is none, and what it held when it went off is held again.
   * It is not connected yet.
   * @throws JournalDamaged
   */
  static async open(given: ScaleOptions): Promise<SimulatedScale> {
    const options = { ...DEFAULTS, ...given };
    const { scaleId, folder, reportsPerMessageMax, reportsHeldMax, onProblem, isSigned = true } = options;
    const key = isSigned ? await scaleKeyIn(folder) : null;
    const queue = await MessageQueue.open({
      path: queuePathIn(folder),
      bootId: uuidv7(),
      writer: { scaleId, key, reportsPerMessageMax },
      reportsHeldMax,
      room: () => scale.delivery.room,
      onSealed: () => {
        scale.send();
      },
      onProblem,
    });
    const scale = new SimulatedScale(options, key, queue);
    return scale;
  }

  /** The number that the next weighing gets; one more than were ever taken. */
  get nextSeq(): number {
    return this.queue.nextSeq;
  }

  /** The last number that a receipt covers; null before the first receipt. */
  get ackedSeq(): number | null {
    return this.queue.ackedSeq;
  }

  /** Weighings that no receipt covers. */
  get reportsHeld(): number {
    return this.queue.reportsHeld;
  }

  get isConnected(): boolean {
    return this.link.isUp;
  }

  /** From now on the scale is connected whenever the broker can be reached. */
  connect(): void {
    this.link.open();
  }

  /**
   * Takes a weighing. When this resolves it is durable, whatever happens to the scale, and will be sent.
   * @throws QueueFull, QueueRolledBack, QueueClosed, or the error of the file system: then nothing was weighed
   */
  async weigh(weighing: Weighing): Promise<AcceptedWeighing> {
    const nowMs = this.options.nowMs();
    const { seq, weighingId, weighedAt } = await this.queue.add(
      reportOf(weighing, {
        weighingId: uuidv7({ msecs: nowMs }),
        weighedAt: new Date(nowMs).toISOString(),
        monotonicMs: Math.floor(performance.now() - this.bootMs),
      }),
    );
    return { seq, weighingId, weighedAt };
  }

  /**
   * Resolves when a verified receipt covers this number and all before it.
   * @throws QueueClosed when the scale is switched off before that
   */
  async whenReceipted(seq: number): Promise<void> {
    if (this.covers(seq)) return;
    await new Promise<void>((covered, failed) => {
      this.awaiting = [...this.awaiting, { seq, covered, failed }];
    });
  }

  /**
   * Calls the listener with every verified receipt, whether it covers anything new or not.
   * @returns a function that stops it
   */
  onReceipt(listener: (receipt: ReceiptV1) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Switches off properly: finishes what it stores, says `offline`, disconnects. What it holds stays in its folder. */
  async close(): Promise<void> {
    this.stopTicking();
    await this.link.close();
    await this.queue.close();
    this.giveUpWaiting();
  }

  /** What a power cut does: no goodbye, nothing finished. The folder can be opened again afterwards. */
  async cutPower(): Promise<void> {
    this.stopTicking();
    await Promise.all([this.link.cut(), this.queue.abandon()]);
    this.giveUpWaiting();
  }

  private tick(nowMs: number): void {
    this.link.tick(nowMs);
    this.delivery.repeatOverdue(nowMs);
    if (nowMs < this.ackStoredAtMs + ACK_STORE_PERIOD_MS) return;
    this.ackStoredAtMs = nowMs;
    this.queue.storeAck();
  }

  /** Sends what is sealed, and lets the queue seal what there is room for. */
  private send(): void {
    this.delivery.sendDue(performance.now());
    this.queue.wake();
  }

  private async hear(message: Uint8Array): Promise<void> {
    const { faults, random, receiptKeys } = this.options;
    if (random() < (faults.loseReceipts ?? 0)) return;

    const receipt = await readReceipt(message, this.scaleId, receiptKeys);
    if (!receipt) throw new ReceiptRefused(this.scaleId);
    if (receipt.ackedSeq !== null) this.queue.cover(receipt.ackedSeq);
    this.delivery.covered(performance.now());
    for (const listener of this.listeners) listener(receipt);

    const [covered, still] = partition(this.awaiting, ({ seq }) => this.covers(seq));
    this.awaiting = still;
    for (const one of covered) one.covered();
  }

  private covers(seq: number): boolean {
    return this.ackedSeq !== null && seq <= this.ackedSeq;
  }

  private giveUpWaiting(): void {
    for (const { failed } of this.awaiting) failed(new QueueClosed());
    this.awaiting = [];
  }
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [readonly T[], readonly T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
