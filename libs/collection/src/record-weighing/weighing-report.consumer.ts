import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { InvalidAppend, StoreOverloaded } from '#event-store';
import { ScaleStatusBoard } from '../scale-traffic/scale-status-board.js';
import { type HeardMessage } from './heard-message.js';
import { MessageReader } from './message-reader.js';
import { ReceiptSender } from './receipt-sender.js';
import { RecordWeighingsCommand } from './record-weighings.command.js';
import { ScaleRegister } from './scale-register.js';

/** Messages that share the round trips to the database. */
const BATCH_MESSAGES_MAX = 500;
const BATCH_BYTES_MAX = 1024 * 1024;
/** While one batch is in the database, the next one is verified. */
const BATCHES_AT_WORK_MAX = 2;
const QUEUED_MESSAGES_MAX = 20_000;
const QUEUED_BYTES_MAX = 64 * 1024 * 1024;

interface Waiting {
  readonly message: HeardMessage;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hears what scales report. What arrives while the database is busy goes together into the next batch, so that many
 * scales share a few round trips. A message's promise resolves when everything its receipt says is durable.
 */
@Injectable()
export class WeighingReportConsumer {
  private readonly log = new Logger(WeighingReportConsumer.name);
  private readonly reader = new MessageReader();
  private readonly queue: Waiting[] = [];
  private queuedBytes = 0;
  private atWork = 0;
  private scheduled = false;
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly commands: CommandBus,
    private readonly scales: ScaleRegister,
    private readonly receipts: ReceiptSender,
    private readonly statuses: ScaleStatusBoard,
  ) {}

  /**
   * Resolves when the message is durably recorded or quarantined; its receipt is on its way then.
   * @throws StoreOverloaded when too much waits already, StoreUnavailable or what else failed: the scale will repeat it
   */
  consume(message: HeardMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.queue.length >= QUEUED_MESSAGES_MAX || this.queuedBytes >= QUEUED_BYTES_MAX) {
        reject(new StoreOverloaded(`${this.queue.length} messages wait already`));
        return;
      }
      this.queue.push({ message, resolve, reject });
      this.queuedBytes += message.payload.length;
      this.schedule();
    });
  }

  /** Resolves when nothing waits and nothing is at work. */
  async idle(): Promise<void> {
    if (this.atWork > 0 || this.queue.length > 0) await new Promise<void>((resolve) => this.whenIdle.push(resolve));
    await this.receipts.idle();
  }

  /** Not at once: what arrives in the same turn of the event loop goes together. */
  private schedule(): void {
    if (this.scheduled || this.atWork >= BATCHES_AT_WORK_MAX) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.start();
    });
  }

  private start(): void {
    while (this.queue.length > 0 && this.atWork < BATCHES_AT_WORK_MAX) {
      const batch = this.take();
      this.atWork += 1;
      void this.settle(batch).finally(() => {
        this.atWork -= 1;
        if (this.queue.length > 0) this.schedule();
        else if (this.atWork === 0) for (const idle of this.whenIdle.splice(0)) idle();
      });
    }
  }

  private take(): readonly Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { message } of this.queue) {
      bytes += message.payload.length;
      if (count > 0 && (count >= BATCH_MESSAGES_MAX || bytes > BATCH_BYTES_MAX)) break;
      count += 1;
    }
    const batch = this.queue.splice(0, count);
    for (const { message } of batch) this.queuedBytes -= message.payload.length;
    return batch;
  }

  /** Never rejects. A batch that the database refuses for what it holds is tried message by message. */
  private async settle(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.record(batch.map(({ message }) => message));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (isRefusal(error) && batch.length > 1) {
        for (const one of batch) await this.settle([one]);
        return;
      }
      this.log.error(`${batch.length} messages were not recorded and will come again: ${String(error)}`);
      for (const { reject } of batch) reject(error);
    }
  }

  private async record(messages: readonly HeardMessage[]): Promise<void> {
    const named = new Set(messages.flatMap(({ scaleId }) => scaleId ?? []));
    const registered = named.size === 0 ? [] : await this.scales.find([...named]);
    const scaleOf = new Map(registered.map((scale) => [scale.scaleId, scale]));
    const read = await Promise.all(messages.map((heard) => this.reader.read(heard, scaleOf.get(heard.scaleId ?? ''))));
    const answers = await this.commands.execute(new RecordWeighingsCommand(read));

    read.forEach(({ kind, heard: { scaleId, receivedAt } }, at) => {
      const answer = answers[at];
      if (scaleId === null || !answer) return;
      if (kind === 'believed') this.statuses.seen(scaleId, receivedAt);
      if (kind !== 'kept') this.receipts.send(scaleId, answer);
    });
  }
}

/** SQLSTATE classes of values that a database cannot hold: such a message fails however often it comes. */
const VALUE_REFUSED = /^2[123]/;

function isRefusal(error: unknown): boolean {
  if (error instanceof InvalidAppend) return true;
  const { code } = (error as { driverError?: { code?: unknown } }).driverError ?? {};
  return typeof code === 'string' && VALUE_REFUSED.test(code);
}
