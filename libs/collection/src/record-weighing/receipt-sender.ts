import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel';
import { MqttPublisher } from '#mqtt';
import { InstallationKeys } from '#platform';
import { RECEIPT_SCHEMA, scaleTopic, signReceiptInBackground } from '#protocol';
import { type MessageAnswer } from './record-weighings.command.js';

/**
 * Signs and sends receipts. One that gets lost on the way is no loss: the scale repeats its message and is answered
 * again.
 */
@Injectable()
export class ReceiptSender {
  private readonly log = new Logger(ReceiptSender.name);
  private readonly sending = new Set<Promise<void>>();
  /** Settles when the receipt before has been handed to the broker: they leave in the order of their answers. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly publisher: MqttPublisher,
    private readonly keys: InstallationKeys,
    private readonly clock: Clock,
  ) {}

  send(scaleId: string, { ackedSeq, results, reasons }: MessageAnswer): void {
    const signing = signReceiptInBackground(
      {
        schema: RECEIPT_SCHEMA,
        scaleId,
        ackedSeq,
        results: [...results],
        ...(reasons.length > 0 && { reasons: [...reasons] }),
        serverTime: this.clock.nowIso(),
      },
      this.keys.receiptKey,
    );
    this.turn = this.publishAfter(this.turn, scaleId, signing);
  }

  /** Resolves when those under way are sent or lost. */
  async idle(): Promise<void> {
    await this.turn;
    await Promise.all(this.sending);
  }

  private async publishAfter(before: Promise<void>, scaleId: string, signing: Promise<string>): Promise<void> {
    const [, receipt] = await Promise.allSettled([before, signing]);
    const sending = this.publish(scaleId, receipt).catch((error: unknown) =>
      this.log.warn(`A receipt for ${scaleId} was not sent: ${String(error)}`),
    );
    this.sending.add(sending);
    void sending.finally(() => this.sending.delete(sending));
  }

  private async publish(scaleId: string, receipt: PromiseSettledResult<string>): Promise<void> {
    if (receipt.status === 'rejected') throw receipt.reason;
    await this.publisher.publish(scaleTopic(scaleId, 'receipts'), receipt.value, { qos: 1, retain: false });
  }
}
