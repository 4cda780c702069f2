import { backoffMs, type Backoff } from './backoff.js';
import { type SealedMessage } from './message.js';

/** What goes wrong on purpose, so that a test can show that it does not matter. */
export interface Faults {
  /** The part of the messages that is sent twice, from 0 to 1. */
  readonly sendTwice?: number;
  /** Sends what is due in any order. */
  readonly shuffle?: boolean;
  /** The part of the messages that never reaches the broker, from 0 to 1; each is sent again when its receipt is overdue. */
  readonly loseMessages?: number;
  /** The part of the receipts that never reaches the scale, from 0 to 1. */
  readonly loseReceipts?: number;
}

export interface DeliveryOptions {
  /** Messages on their way at the same time. */
  readonly windowMessages: number;
  /** After how long without a receipt a message is sent again. */
  readonly receiptTimeout: Backoff;
  readonly faults: Faults;
  /** A number in [0, 1). */
  readonly random: () => number;
}

interface Sent {
  readonly attempts: number;
  readonly repeatAtMs: number;
}

/** Decides what is sent when: a bounded window of the oldest messages, each again as long as no receipt covers it. */
export class Delivery {
  /** By the number that a message begins with; only what was sent on the present connection. */
  private readonly sent = new Map<number, Sent>();

  constructor(
    private readonly options: DeliveryOptions,
    /** What no receipt covers, oldest first. */
    private readonly messages: () => readonly SealedMessage[],
    private readonly link: { readonly isUp: boolean; send(text: string): void },
  ) {}

  /** How many more messages may be on their way. */
  get room(): number {
    return this.link.isUp ? Math.max(0, this.options.windowMessages - this.messages().length) : 0;
  }

  /** Sends what is in the window and was not sent on this connection. */
  sendDue(nowMs: number): void {
    this.sendAll(
      this.window().filter(({ firstSeq }) => !this.sent.has(firstSeq)),
      nowMs,
    );
  }

  /** Sends again what has waited too long for its receipt. */
  repeatOverdue(nowMs: number): void {
    this.sendAll(
      this.window().filter(({ firstSeq }) => (this.sent.get(firstSeq)?.repeatAtMs ?? Infinity) <= nowMs),
      nowMs,
    );
  }

  /** A receipt came: what it covers needs no watching any more, and the window has moved. */
  covered(nowMs: number): void {
    const held = new Set(this.window().map(({ firstSeq }) => firstSeq));
    for (const firstSeq of this.sent.keys()) if (!held.has(firstSeq)) this.sent.delete(firstSeq);
    this.sendDue(nowMs);
  }

  /** The connection is lost: on the next one everything in the window is sent again. */
  disconnected(): void {
    this.sent.clear();
  }

  private window(): readonly SealedMessage[] {
    return this.messages().slice(0, this.options.windowMessages);
  }

  private sendAll(messages: readonly SealedMessage[], nowMs: number): void {
    if (!this.link.isUp) return;
    const { receiptTimeout, random, faults } = this.options;
    for (const { firstSeq } of messages) {
      const attempts = this.sent.get(firstSeq)?.attempts ?? 0;
      const repeatAtMs = nowMs + backoffMs(receiptTimeout, attempts, random());
      this.sent.set(firstSeq, { attempts: attempts + 1, repeatAtMs });
    }
    const arriving = messages.filter(() => random() >= (faults.loseMessages ?? 0));
    const twice = arriving.filter(() => random() < (faults.sendTwice ?? 0));
    const order = [...arriving, ...twice];
    for (const { text } of faults.shuffle ? shuffled(order, random) : order) this.link.send(text);
  }
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
